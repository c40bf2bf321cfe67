import { logLevels, logTypes, type TaskLogEntry } from '../../../core/task/log-entry.ts';
import { causalOrder, cleanEnd, cleanStart, LATE_LINES, placesOf, type Stamped } from '../../logs/causal-order.ts';
import type { LogEntryPage } from '../../logs/range.ts';
import { type Place, positionOf } from './layout.ts';
import { backBy, eachLine } from './lines.ts';
import { explainCut } from './long.ts';
import type { OpenLog, OpenPart, PartSource } from './source.ts';
import { readStamp } from './stamp.ts';

/** A page ends after this number of bytes even if it has fewer entries than requested, which bounds memory. */
const PAGE_BYTES = 16 * 1024 * 1024;
const levels: ReadonlySet<unknown> = new Set(logLevels);
const types: ReadonlySet<unknown> = new Set(logTypes);

/** An entry with its place. */
interface Line {
  entry: TaskLogEntry;
  readonly stamp: Stamped;
  readonly start: Place;
}

/** Collects the lines of a page, through as many parts as it takes. */
class Page {
  readonly lines: Line[] = [];
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
    return this.lines.length >= this.limit || this.bytes >= this.maxBytes;
  }

  /** @returns the offset after the last line that was taken */
  async take(part: OpenPart, source: PartSource, from: number, until: number): Promise<number> {
    if (this.full) return from;
    const long: { line: Line; offset: number }[] = [];
    const next = await eachLine(source, from, until, {
      line: (bytes, offset) => {
        this.bytes += bytes.length;
        const { stamp, rest } = readStamp(bytes);
        // A torn or foreign line is skipped.
        const entry = parseEntry(bytes, rest);
        if (entry !== undefined) {
          const start = { part: part.number, offset };
          this.lines.push({ entry: explainCut(entry, this.folder), stamp, start });
        }
        return !this.full;
      },
      tooLong: (bytes, offset) => {
        const entry = tooLongEntry(part.file, bytes, offset);
        const line = { entry, stamp: undefined, start: { part: part.number, offset } };
        long.push({ line, offset });
        this.lines.push(line);
        return !this.full;
      },
    });
    for (const { line, offset } of long) line.entry.timestamp = await timestampAt(source, offset);
    return next;
  }
}

/** The entries after a place, in causal order. */
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
  const { lines } = page;
  const stamps = lines.map(({ stamp }) => stamp);
  // A late line behind the page may belong into it: then the page ends before that place, or has more lines.
  const places = placesOf(page.full ? [...stamps, ...(await stampsAfter(log, next))] : stamps);
  const end = cleanEnd(places, lines.length);
  if (end === 0 && lines.length === limit) return pageAfter(log, from, limit * 2, folder);
  const { start = next } = (end === 0 ? undefined : lines[end]) ?? {};
  return {
    entries: inOrder(end === 0 ? lines : lines.slice(0, end), places),
    start: positionOf(from),
    next: positionOf(start),
  };
}

/** The last entries before a place or the end, in causal order: finds where they begin, then reads them forwards. */
export async function pageBefore(
  log: OpenLog,
  before: Place | undefined,
  limit: number,
  folder: string,
): Promise<LogEntryPage> {
  const stretches: { part: OpenPart; source: PartSource; from: number; until: number }[] = [];
  let found = 0;
  let bytes = 0;
  for (const part of log.parts.toReversed()) {
    if (before !== undefined && part.number > before.part) continue;
    const source = await part.open();
    const until = before?.part === part.number ? Math.min(before.offset, source.size) : source.size;
    const back = await backBy(source, until, limit - found, PAGE_BYTES - bytes);
    stretches.unshift({ part, source, from: back.offset, until });
    found += back.lines;
    bytes += until - back.offset;
    if (found >= limit || bytes >= PAGE_BYTES) break;
  }
  // The bytes were counted backwards; forwards, all of them are included.
  const page = new Page(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, folder);
  let next = before ?? { part: 0, offset: 0 };
  for (const { part, source, from, until } of stretches) {
    next = { part: part.number, offset: await page.take(part, source, from, until) };
  }
  const [first] = stretches;
  const start = first === undefined ? next : { part: first.part.number, offset: first.from };
  const { lines } = page;
  const stamps = lines.map(({ stamp }) => stamp);
  // A late line of the page may belong in front of it: then the page starts after that line, or has more lines.
  const isLate = stamps.slice(0, LATE_LINES).some((stamp) => stamp?.change === true);
  const earlier = isLate ? await stampsBefore(log, start) : [];
  const clean = cleanStart(placesOf([...earlier, ...stamps]), earlier.length) - earlier.length;
  if (clean === lines.length && clean === limit) return pageBefore(log, before, limit * 2, folder);
  const cut = clean === lines.length ? 0 : clean;
  const shown = lines.slice(cut);
  return {
    entries: inOrder(shown, placesOf(stamps.slice(cut))),
    start: positionOf(cut === 0 ? start : (lines[cut]?.start ?? start)),
    next: positionOf(next),
  };
}

function inOrder(lines: readonly Line[], places: readonly number[]): TaskLogEntry[] {
  const entries = lines.map(({ entry }) => entry);
  if (lines.every((_, index) => places[index] === index)) return entries;
  const stamps = lines.map(({ stamp }) => stamp);
  return causalOrder(places.slice(0, lines.length), stamps).flatMap((index) => entries[index] ?? []);
}

async function stampsAfter(log: OpenLog, from: Place): Promise<Stamped[]> {
  const stamps: Stamped[] = [];
  for (const part of log.parts) {
    if (part.number < from.part || stamps.length >= LATE_LINES) continue;
    const source = await part.open();
    await takeStamps(source, part.number === from.part ? from.offset : 0, source.size, stamps);
  }
  return stamps;
}

async function stampsBefore(log: OpenLog, before: Place): Promise<Stamped[]> {
  let stamps: Stamped[] = [];
  for (const part of log.parts.toReversed()) {
    if (part.number > before.part || stamps.length >= LATE_LINES) continue;
    const source = await part.open();
    const until = part.number === before.part ? before.offset : source.size;
    const { offset } = await backBy(source, until, LATE_LINES - stamps.length, PAGE_BYTES);
    const earlier: Stamped[] = [];
    await takeStamps(source, offset, until, earlier);
    stamps = [...earlier, ...stamps];
  }
  return stamps;
}

async function takeStamps(source: PartSource, from: number, until: number, stamps: Stamped[]): Promise<void> {
  await eachLine(source, from, until, {
    line: (bytes) => stamps.push(readStamp(bytes).stamp) < LATE_LINES,
    tooLong: () => stamps.push(undefined) < LATE_LINES,
  });
}

/** Validated manually: a schema library would take most of the time of reading a long log. */
function parseEntry(bytes: Buffer, rest: number): TaskLogEntry | undefined {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(rest === 0 ? bytes.toString('utf8') : `{${bytes.toString('utf8', rest)}`);
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
