import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { logEntrySchema, type TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../log-range.ts';
import { type FileSystem, isMissing } from './file-system.ts';
import type { Layout } from './layout.ts';

const NEWLINE = 10;
const CHUNK = 256 * 1024;
const DEFAULT_LIMIT = 1_000;

export function logFile(layout: Layout, id: string): string {
  return join(layout.logs, `${id}.jsonl`);
}

/** Reads pages of logs. Positions are byte offsets of line beginnings; memory is bounded by a page and a line. */
export class LogReader {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly counts = new Map<string, { offset: number; lines: number }>();

  constructor(fs: FileSystem, layout: Layout) {
    this.fs = fs;
    this.layout = layout;
  }

  async read(id: string, range: LogRange): Promise<LogEntryPage> {
    const limit = range.limit ?? DEFAULT_LIMIT;
    return this.withFile(id, async (handle, size) => {
      if (range.after !== undefined) return readForward(handle, Math.min(range.after, size), size, limit);
      return readBackward(handle, Math.min(range.before ?? size, size), limit);
    });
  }

  /** How many lines a log has. Lines that were counted before are not read again. */
  async count(id: string): Promise<number> {
    const known = this.counts.get(id) ?? { offset: 0, lines: 0 };
    await this.withFile(id, async (handle, size) => {
      if (size < known.offset) Object.assign(known, { offset: 0, lines: 0 });
      const buffer = Buffer.allocUnsafe(CHUNK);
      while (known.offset < size) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(CHUNK, size - known.offset), known.offset);
        if (bytesRead === 0) break;
        for (let at = buffer.indexOf(NEWLINE); at >= 0 && at < bytesRead; at = buffer.indexOf(NEWLINE, at + 1))
          known.lines += 1;
        known.offset += bytesRead;
      }
      return emptyPage;
    });
    this.counts.set(id, known);
    return known.lines;
  }

  /** Every log with its size in bytes. */
  async list(): Promise<{ id: string; size: number }[]> {
    try {
      const ids = (await this.fs.readdir(this.layout.logs)).flatMap((name) => /^(.+)\.jsonl$/.exec(name)?.[1] ?? []);
      return await Promise.all(
        ids.map(async (id) => ({ id, size: (await this.fs.stat(logFile(this.layout, id))).size })),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  forget(id: string): void {
    this.counts.delete(id);
  }

  private async withFile(
    id: string,
    use: (handle: FileHandle, size: number) => Promise<LogEntryPage>,
  ): Promise<LogEntryPage> {
    let handle: FileHandle;
    try {
      handle = await this.fs.open(logFile(this.layout, id), 'r');
    } catch (error) {
      if (isMissing(error)) return emptyPage;
      throw error;
    }
    try {
      return await use(handle, (await handle.stat()).size);
    } finally {
      await handle.close();
    }
  }
}

const emptyPage: LogEntryPage = { entries: [], start: 0, next: 0 };

async function readForward(handle: FileHandle, from: number, size: number, limit: number): Promise<LogEntryPage> {
  const entries: TaskLogEntry[] = [];
  let next = from;
  let rest: Buffer = Buffer.alloc(0);
  while (next + rest.length < size && entries.length < limit) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - next - rest.length));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, next + rest.length);
    if (bytesRead === 0) break;
    const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0 && entries.length < limit; end = data.indexOf(NEWLINE, start)) {
      pushEntry(entries, data.toString('utf8', start, end));
      start = end + 1;
    }
    next += start;
    rest = entries.length < limit ? data.subarray(start) : Buffer.alloc(0);
  }
  return { entries, start: from, next };
}

async function readBackward(handle: FileHandle, end: number, limit: number): Promise<LogEntryPage> {
  const blocks: Buffer[] = [];
  let begin = end;
  let lines = 0;
  // One newline more than lines are wanted: the one that ends the line before the first of them.
  while (begin > 0 && lines <= limit) {
    const length = Math.min(CHUNK, begin);
    const block = Buffer.allocUnsafe(length);
    await handle.read(block, 0, length, begin - length);
    for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) lines += 1;
    blocks.unshift(block);
    begin -= length;
  }
  const data = Buffer.concat(blocks);
  const last = data.lastIndexOf(NEWLINE);
  let first = last + 1;
  for (let count = 0; first > 0 && count < limit; count += 1) first = data.lastIndexOf(NEWLINE, first - 2) + 1;
  if (first < 0) first = 0;
  const entries: TaskLogEntry[] = [];
  for (const line of data.toString('utf8', first, last + 1).split('\n')) pushEntry(entries, line);
  return { entries, start: begin + first, next: begin + last + 1 };
}

/** A torn or foreign line is passed over. */
function pushEntry(entries: TaskLogEntry[], line: string): void {
  if (line === '') return;
  const entry = parseLogLine(line);
  if (entry !== undefined) entries.push(entry);
}

function parseLogLine(line: string): TaskLogEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return logEntrySchema.safeParse(value).success ? (value as TaskLogEntry) : undefined;
  } catch {
    return undefined;
  }
}
