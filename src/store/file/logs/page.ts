import { logLevels, logTypes, type TaskLogEntry } from '../../../core/task/log-entry.ts';
import type { LogEntryPage } from '../../logs/range.ts';
import { type Place, positionOf } from './layout.ts';
import { backBy, eachLine } from './lines.ts';
import { explainCut } from './long.ts';
import type { OpenLog, OpenPart, PartSource } from './source.ts';

/** A page ends after this number of bytes even if it has fewer entries than requested: memory stays flat. */
const PAGE_BYTES = 16 * 1024 * 1024;
const levels: ReadonlySet<unknown> = new Set(logLevels);
const types: ReadonlySet<unknown> = new Set(logTypes);

/** Collects the entries of a page, through as many parts as it takes. */
class Page {
  readonly entries: TaskLogEntry[] = [];
  private readonly limit: number;
  private readonly maxBytes: number;
  private readonly folder: string;
  private bytes = 0;

  constructor(limit: number, maxBytes: number, folder: string) {
    this.limit = limit;
    this.maxBytes = maxBytes;
    this.folder = folder;
  }

  get full(): boolean {
    return this.entries.length >= this.limit || this.bytes >= this.maxBytes;
  }

  /** @returns the offset after the last line that was taken */
  async take(part: OpenPart, source: PartSource, from: number, until: number): Promise<number> {
    if (this.full) return from;
    const long: { index: number; offset: number }[] = [];
    const next = await eachLine(source, from, until, {
      line: (bytes) => {
        this.bytes += bytes.length;
        // A torn or foreign line is skipped.
        const entry = parseEntry(bytes);
        if (entry !== undefined) this.entries.push(explainCut(entry, this.folder));
        return !this.full;
      },
      tooLong: (bytes, offset) => {
        long.push({ index: this.entries.length, offset });
        this.entries.push(tooLongEntry(part.file, bytes, offset));
        return !this.full;
      },
    });
    for (const { index, offset } of long) {
      const entry = this.entries[index];
      if (entry !== undefined) entry.timestamp = await timestampAt(source, offset);
    }
    return next;
  }
}

/** The entries after a place, oldest first. */
export async function pageAfter(log: OpenLog, from: Place, limit: number, folder: string): Promise<LogEntryPage> {
  const page = new Page(limit, PAGE_BYTES, folder);
  const parts = log.parts.filter((part) => part.number >= from.part);
  let next = from;
  for (const [index, part] of parts.entries()) {
    const source = await part.open();
    const start = part.number === from.part ? Math.min(from.offset, source.size) : 0;
    next = { part: part.number, offset: await page.take(part, source, start, source.size) };
    if (page.full) break;
    const following = parts[index + 1];
    // The rest of an ended part is a torn line.
    if (following !== undefined) next = { part: following.number, offset: 0 };
  }
  return { entries: page.entries, start: positionOf(from), next: positionOf(next) };
}

/** The last entries before a place or the end, oldest first: finds where they begin, then reads them forwards. */
export async function pageBefore(
  log: OpenLog,
  before: Place | undefined,
  limit: number,
  folder: string,
): Promise<LogEntryPage> {
  const stretches: { part: OpenPart; source: PartSource; from: number; until: number }[] = [];
  let lines = 0;
  let bytes = 0;
  for (const part of log.parts.toReversed()) {
    if (before !== undefined && part.number > before.part) continue;
    const source = await part.open();
    const until = before?.part === part.number ? Math.min(before.offset, source.size) : source.size;
    const back = await backBy(source, until, limit - lines, PAGE_BYTES - bytes);
    stretches.unshift({ part, source, from: back.offset, until });
    lines += back.lines;
    bytes += until - back.offset;
    if (lines >= limit || bytes >= PAGE_BYTES) break;
  }
  // The bytes were counted on the way back; going forwards, nothing of it is left out.
  const page = new Page(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, folder);
  let next = before ?? { part: 0, offset: 0 };
  for (const { part, source, from, until } of stretches) {
    next = { part: part.number, offset: await page.take(part, source, from, until) };
  }
  const [first] = stretches;
  const start = first === undefined ? next : { part: first.part.number, offset: first.from };
  return { entries: page.entries, start: positionOf(start), next: positionOf(next) };
}

/** Checked by hand: a schema library would take most of the time of reading a long log. */
function parseEntry(bytes: Buffer): TaskLogEntry | undefined {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is TaskLogEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { timestamp, level, type, message, prefix, metadata } = value as Record<string, unknown>;
  return (
    typeof timestamp === 'string' &&
    typeof message === 'string' &&
    levels.has(level) &&
    types.has(type) &&
    (prefix === undefined || typeof prefix === 'string') &&
    (metadata === undefined || (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)))
  );
}

function tooLongEntry(file: string, bytes: number, offset: number): TaskLogEntry {
  const message = `A line of ${bytes.toLocaleString('en')} bytes is too long to be shown; it begins at byte ${offset} of ${file}.`;
  return { timestamp: new Date(0).toISOString(), level: 'warn', type: 'system', message };
}

async function timestampAt(source: PartSource, offset: number): Promise<string> {
  const head = Buffer.alloc(200);
  const read = await source.read(head, offset);
  const found = /"timestamp":\s?"([0-9TZ:.+-]{10,40})"/.exec(head.toString('latin1', 0, read))?.[1];
  return found ?? new Date(0).toISOString();
}
