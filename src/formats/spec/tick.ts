import { specLines } from './lines.ts';

/** The checkbox of a task in a text: the position of its mark, or the reason that there is none to tick. */
export type Tick =
  | { readonly kind: 'open' /** In characters. */; readonly position: number }
  | { readonly kind: 'ticked' }
  | { readonly kind: 'changed' };

/**
 * Finds the checkbox of a task by the text of its line. The line may have moved; a text that several lines have counts
 * only at its old place.
 */
export function findTick(text: string, { line, words }: { readonly line: number; readonly words: string }): Tick {
  const found = specLines(text).lines.flatMap((each) =>
    each.kind === 'item' && each.checked !== undefined && each.text === words ? [each] : [],
  );
  const own = found.find((each) => each.line === line) ?? (found.length === 1 ? found[0] : undefined);
  if (own === undefined) return { kind: 'changed' };
  if (own.checked === true) return { kind: 'ticked' };
  const start = startOf(text, own.line);
  const mark = /^\ufeff?[ \t]*(?:[-*+•–]|\d{1,9}[.)])[ \t]+\[(?=[ /]\])/.exec(text.slice(start, start + 2_000));
  return mark === null ? { kind: 'changed' } : { kind: 'open', position: start + mark[0].length };
}

/** Position of the first character of a line, which counts from 1. */
function startOf(text: string, line: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = /\r\n|\n|\r/g;
    end.lastIndex = start;
    const match = end.exec(text);
    if (match === null) return text.length;
    start = match.index + match[0].length;
  }
  return start;
}
