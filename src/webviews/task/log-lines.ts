import type { LogFilter, LogLine } from './protocol.ts';

/** A line to draw. */
export interface ShownLine {
  readonly line: LogLine;
  /** Position among all loaded lines. */
  readonly index: number;
  /** Position of the first line of its entry. */
  readonly head: number;
  /** Hidden lines of its entry. */
  readonly folded: number;
}

/** The lines that are loaded, and the position of the first. */
interface LoadedLog {
  readonly lines: readonly LogLine[];
  readonly start: number;
}

/**
 * The log with the page of lines before a position, or with only the page at the end. Two searches in a row ask for the
 * same page: the second reply, which no longer ends where the log starts, changes nothing.
 */
export function withPage(log: LoadedLog, before: number | null, page: LoadedLog): LoadedLog {
  if (before === null) return page;
  return before === log.start ? { lines: [...page.lines, ...log.lines], start: page.start } : log;
}

const levels: readonly LogLine['level'][] = ['debug', 'info', 'warn', 'error'];

/** The lines that pass a filter. `unfolded` has the positions of heads whose lines the person wants to see. */
export function shownLines(
  lines: readonly LogLine[],
  { level, type, search, fold }: LogFilter,
  unfolded: ReadonlySet<number>,
): ShownLine[] {
  const least = levels.indexOf(level);
  const wanted = search.trim().toLowerCase();
  const shown: ShownLine[] = [];
  let head = 0;
  lines.forEach((line, index) => {
    if (line.head) head = index;
    if (levels.indexOf(line.level) < least || (type !== '' && line.type !== type)) return;
    const matches = wanted === '' || line.text.toLowerCase().includes(wanted);
    const folds = fold && line.type === 'tool' && !line.head;
    const last = shown.at(-1);
    if (wanted !== '') {
      // The further lines of a call that matches stay within reach, and in sight where the person unfolded them.
      if (matches || (folds && unfolded.has(head) && last?.head === head)) shown.push({ line, index, head, folded: 0 });
      else if (folds && last !== undefined && last.index === head)
        shown[shown.length - 1] = { ...last, folded: last.folded + 1 };
      return;
    }
    const hides = folds && !unfolded.has(head);
    if (hides && last !== undefined) shown[shown.length - 1] = { ...last, folded: last.folded + 1 };
    else shown.push({ line, index, head, folded: 0 });
  });
  return shown;
}
