import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from './range.ts';

const CHUNK = 1_000;

type Read = (range: LogRange) => Promise<LogEntryPage>;
type Test = (entry: TaskLogEntry) => boolean;

/** Entries in the order in which they were written; `next` is the position of the next read, also for future lines. */
export interface FoundEntries {
  entries: TaskLogEntry[];
  next: number;
  /** There are earlier entries that match and are not here. */
  earlier: boolean;
}

/**
 * The last matching entries, up to the requested number. Reads backwards from the end, a chunk at a time, so that time
 * and memory depend on the inspected part only.
 */
export async function lastMatching(read: Read, matches: Test, wanted: number, since?: number): Promise<FoundEntries> {
  const end = await read({ limit: CHUNK });
  const chunks: TaskLogEntry[][] = [];
  let found = 0;
  for (let page = end, asked = end.next; ; page = await read({ before: asked, limit: CHUNK })) {
    const chunk = page.entries.filter(matches);
    chunks.push(chunk);
    found += chunk.length;
    // Not the oldest one alone: the clock of a machine can go back in the middle of a log.
    const tooOld =
      since !== undefined && page.entries.length > 0 && page.entries.every((entry) => isBefore(entry, since));
    if (found > wanted || tooOld || page.start === 0 || (page.start === asked && page !== end)) break;
    asked = page.start;
  }
  const entries = chunks.reverse().flat();
  return { entries: wanted === 0 ? [] : entries.slice(-wanted), next: end.next, earlier: found > wanted };
}

/** The next entries that match, from a position on. */
export async function nextMatching(read: Read, matches: Test, after: number, wanted: number): Promise<FoundEntries> {
  const entries: TaskLogEntry[] = [];
  let next = after;
  for (;;) {
    const page = await read({ after: next, limit: CHUNK });
    const end = endOf(page.entries, matches, wanted - entries.length);
    if (end < page.entries.length) {
      // The page has more than is wanted: the cut is only known after reading that much of it.
      const cut = await read({ after: next, limit: end });
      return { entries: [...entries, ...cut.entries.filter(matches)], next: cut.next, earlier: false };
    }
    entries.push(...page.entries.filter(matches));
    const moved = page.next !== next;
    next = page.next;
    if (!moved || entries.length >= wanted) return { entries, next, earlier: false };
  }
}

/** A page of the entries that match. Of a page that is read backwards, `start` is where the search for them ended. */
export async function matchingPage(read: Read, range: LogRange, matches: Test): Promise<LogEntryPage> {
  const limit = range.limit ?? CHUNK;
  if (range.after !== undefined) {
    const { entries, next } = await nextMatching(read, matches, range.after, limit);
    return { entries, start: range.after, next };
  }
  const last = await read({ ...range, limit: 1 });
  let entries: TaskLogEntry[] = [];
  let start = last.next;
  for (let step = limit; start > 0 && entries.length < limit; ) {
    const page = await read({ before: start, limit: step });
    if (page.start === start) break;
    const found = page.entries.filter(matches);
    if (entries.length + found.length > limit && step > 1) {
      // Several candidates at once: a page starts with its first entry, so that the previous page misses none.
      step = Math.ceil(step / 2);
      continue;
    }
    entries = [...found, ...entries];
    start = page.start;
    step = Math.min(CHUNK, step * 2);
  }
  return { entries, start, next: last.next };
}

function isBefore(entry: TaskLogEntry, since: number): boolean {
  return Date.parse(entry.timestamp) < since;
}

/** The number of entries in a page that contain at most `room` matches. */
function endOf(entries: readonly TaskLogEntry[], matches: Test, room: number): number {
  let found = 0;
  for (const [index, entry] of entries.entries()) {
    if (!matches(entry)) continue;
    if (found === room) return index;
    found += 1;
  }
  return entries.length;
}
