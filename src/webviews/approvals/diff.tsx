import type { JSX } from 'preact';
import { fill } from '../kit/format.ts';
import { ScrollText } from '../kit/scroll-text.tsx';
import type { CardDiff, DiffLine, Words } from './protocol.ts';

/** A change of one file. A screen reader announces added and removed lines as such. */
export function Diff({ diff, words }: { readonly diff: CardDiff; readonly words: Words }): JSX.Element {
  return (
    <figure>
      <figcaption>{diff.path}</figcaption>
      <ScrollText class="diff" label={diff.path}>
        {diff.lines.map((line) => (
          <Line line={line} words={words} />
        ))}
      </ScrollText>
      <CutNote text={words.moreLines} count={diff.more} />
      <CutNote text={words.longLines} count={diff.long} />
    </figure>
  );
}

function Line({ line: { kind, text }, words }: { readonly line: DiffLine; readonly words: Words }): JSX.Element {
  const spoken = kind === 'added' || kind === 'removed' ? words[kind] : undefined;
  return (
    <div class={kind}>
      <span class="sign" aria-hidden="true">
        {kind === 'added' ? '+' : kind === 'removed' ? '−' : ' '}
      </span>
      {spoken === undefined ? undefined : <span class="spoken">{spoken} </span>}
      {text === '' ? ' ' : text}
    </div>
  );
}

/** States the hidden amount, so that a person does not take the part for the whole. */
export function CutNote({ text, count }: { readonly text: string; readonly count: number }): JSX.Element | null {
  return count === 0 ? null : <p class="cut">{fill(text, count)}</p>;
}
