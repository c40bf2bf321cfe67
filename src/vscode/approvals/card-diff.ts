import type { CardDiff, DiffLine } from '../../webviews/approvals/protocol.ts';

const CONTEXT = 2;
const SHOWN = 24;
const WIDTH = 400;
const NO_END = '\\ No newline at end of file';

/**
 * A change as its removed and added lines with two lines of context. Equal lines at both ends are left out. Lines beyond
 * the size of a card are counted; the diff editor shows all of them.
 */
export function cardDiff(path: string, oldText: string, newText: string): CardDiff {
  const [before, after] = [linesOf(oldText), linesOf(newText)];
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  const all: DiffLine[] = [
    ...before.slice(Math.max(0, head - CONTEXT), head).map(line('same')),
    ...removed.map(line('removed')),
    ...added.map(line('added')),
    ...before.slice(before.length - tail, before.length - tail + CONTEXT).map(line('same')),
  ];
  if (all.length <= SHOWN) return { path, lines: all, more: 0, long: longOf(all) };
  // Shows a part of both sides, so that a long old text does not hide the new one.
  const half = SHOWN / 2;
  const room = Math.max(half, SHOWN - Math.min(added.length, half));
  const first = [...all.filter(({ kind }) => kind === 'removed').slice(0, Math.min(room, removed.length))];
  const rest = all.filter(({ kind }) => kind === 'added').slice(0, SHOWN - first.length);
  const gap: DiffLine = { kind: 'gap', text: '⋯' };
  const lines = [...first, ...(first.length < removed.length ? [gap] : []), ...rest];
  return {
    path,
    lines: rest.length < added.length ? [...lines, gap] : lines,
    long: longOf(lines),
    more: removed.length + added.length - first.length - rest.length,
  };
}

/** The lines. A missing line end is marked as git does, so that this change is visible, too. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : [...text.split('\n'), NO_END];
}

function longOf(lines: readonly DiffLine[]): number {
  return lines.filter(({ text }) => text.length > WIDTH).length;
}

function line(kind: DiffLine['kind']): (text: string) => DiffLine {
  return (text) => ({ kind, text: text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text });
}
