import { logEntrySchema, type TaskLogEntry } from '../../core/task/log-entry.ts';

const MAX_CHUNK = 64 * 1024;

/** Entries as the text of one row, one JSON value per line. */
export interface Chunk {
  readonly lines: string;
  readonly count: number;
}

/** A row of the log of a task. */
export interface LogRow extends Chunk {
  readonly id: string;
}

/** The rows of entries of several logs, sorted. */
export function rowsOf(entries: readonly { readonly id: string; readonly entry: TaskLogEntry }[]): LogRow[] {
  const logs = new Map<string, TaskLogEntry[]>();
  for (const { id, entry } of entries) {
    const log = logs.get(id);
    if (log === undefined) logs.set(id, [entry]);
    else log.push(entry);
  }
  return sorted([...logs].flatMap(([id, log]) => chunksOf(log).map((chunk) => ({ id, ...chunk }))));
}

/** By task, so that all processes lock logs in one order. The rows of a task keep theirs. */
export function sorted(rows: readonly LogRow[]): LogRow[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

/** Splits entries into rows of up to 64 kB; a longer entry fills one row alone. */
export function chunksOf(entries: readonly TaskLogEntry[]): Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  let size = 0;
  const end = (): void => {
    if (lines.length > 0) chunks.push({ lines: lines.join('\n'), count: lines.length });
    lines = [];
    size = 0;
  };
  for (const entry of entries) {
    const line = JSON.stringify(entry);
    if (size + line.length > MAX_CHUNK) end();
    lines.push(line);
    size += line.length + 1;
  }
  end();
  return chunks;
}

/** A row as it was read; another program may have written it. */
export interface StoredChunk extends Chunk {
  readonly start: number;
}

/**
 * The entries from a position up to another, by position. Rows can overlap, leave gaps and claim more entries than they
 * have.
 *
 * @param rows by start
 * @returns `next`: the position after the last entry
 */
export function entriesIn(
  rows: readonly StoredChunk[],
  start: number,
  end: number,
): { entries: TaskLogEntry[]; next: number } {
  const entries: TaskLogEntry[] = [];
  let next = start;
  for (const row of rows) {
    const lines = row.lines.split('\n');
    const to = Math.min(row.start + Math.min(row.count, lines.length), end);
    for (let at = Math.max(row.start, next); at < to; at += 1) {
      entries.push(entryOf(lines[at - row.start] ?? ''));
      next = at + 1;
    }
  }
  return { entries, next };
}

function entryOf(line: string): TaskLogEntry {
  try {
    const parsed = logEntrySchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON.
  }
  const message = 'A line of this log is not an entry.';
  return { timestamp: new Date(0).toISOString(), level: 'warn', type: 'system', message };
}
