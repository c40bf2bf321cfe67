import type { JSX, TargetedKeyboardEvent, TargetedToggleEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ago, fill } from '../kit/format.ts';
import { MarkupText } from '../kit/markup.tsx';
import { ScrollText } from '../kit/scroll-text.tsx';
import { CardFooter } from './card-footer.tsx';
import { CutNote, Diff } from './diff.tsx';
import type { Card, Words } from './protocol.ts';
import { channel, clock, deciding, report, select, selected } from './state.ts';

interface CardProps {
  readonly card: Card;
  readonly words: Words;
}

/** One pending request: the agent, the request, and the buttons to decide it. */
export function CardItem({ card, words }: CardProps): JSX.Element {
  const id = useId();
  const [task, title, about] = [`${id}-task`, `${id}-title`, `${id}-about`];
  const busy = deciding.value.has(card.key);
  return (
    <li
      class={busy ? 'card busy' : 'card'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between cards, and keys decide them.
      tabIndex={0}
      data-key={card.key}
      aria-busy={busy}
      aria-labelledby={`${task} ${title}`}
      aria-describedby={about}
      onKeyDown={pressByKey}
    >
      <div class="head">
        {card.kind === 'feedback' ? undefined : (
          <input
            type="checkbox"
            checked={selected.value.has(card.key)}
            aria-label={fill(words.select, `${card.task}: ${card.title}`)}
            onChange={(event) => select([card.key], event.currentTarget.checked)}
          />
        )}
        <span class="task" id={task}>
          {card.task}
        </span>
        <time dateTime={card.requestedAt}>{ago(card.requestedAt, words.age, clock.value)}</time>
      </div>
      <div class="about" id={about}>
        {card.about}
      </div>
      <h3 id={title}>{card.title}</h3>
      <Content card={card} words={words} title={title} />
      <Context card={card} words={words} />
      {/* The buttons of all cards have the same names. The group names the request that they decide. */}
      <CardFooter card={card} words={words} busy={busy} labelledBy={`${task} ${title}`} />
    </li>
  );
}

function Content({ card, words, title }: CardProps & { readonly title: string }): JSX.Element {
  return (
    <>
      {card.text === undefined || card.text === card.title ? undefined : card.markup !== undefined ? (
        <MarkupText nodes={card.markup} />
      ) : (
        <ScrollText class="text" labelledBy={title}>
          {card.text}
        </ScrollText>
      )}
      <CutNote text={words.moreText} count={card.moreText} />
      {card.diffs.map((diff) => (
        <Diff key={diff.path} diff={diff} words={words} />
      ))}
      {card.files.length === 0 ? undefined : (
        <ul class="files">
          {card.files.map((file) => (
            <li key={file}>{file}</li>
          ))}
        </ul>
      )}
      <CutNote text={words.moreFiles} count={card.moreFiles} />
    </>
  );
}

/** The latest lines of the log, loaded when the person unfolds them. */
function Context({ card, words }: CardProps): JSX.Element {
  const [lines, setLines] = useState<readonly string[] | undefined>(undefined);
  const load = (event: TargetedToggleEvent<HTMLDetailsElement>): void => {
    if (!event.currentTarget.open) return;
    channel.request('context', { key: card.key }).then((reply) => setLines(reply.lines), report);
  };
  return (
    <details onToggle={load}>
      <summary>{words.context}</summary>
      <ScrollText class="log" label={words.context}>
        {lines?.length === 0 ? words.noContext : lines?.join('\n')}
      </ScrollText>
    </details>
  );
}

const letters: Readonly<Record<string, string>> = { r: 'reject', o: 'open' };

/**
 * Presses a button of the card by a key. The letters work only on the card itself; Ctrl+Enter also works inside its
 * text fields, where it has no other meaning. A held key decides once.
 */
function pressByKey(event: TargetedKeyboardEvent<HTMLLIElement>): void {
  const { currentTarget, target } = event;
  if (event.repeat || event.altKey || event.shiftKey || !(target instanceof HTMLElement)) return;
  const modified = event.ctrlKey || event.metaKey;
  const onText = target === currentTarget || target instanceof HTMLPreElement;
  if (modified ? !onText : target !== currentTarget) return;
  const action = modified ? (event.key === 'Enter' ? 'approve' : undefined) : letters[event.key];
  const button = currentTarget.querySelector<HTMLButtonElement>(`button[data-action="${action}"]:enabled`);
  if (action === undefined || button === null) return;
  event.preventDefault();
  button.click();
}
