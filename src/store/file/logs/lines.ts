export const NEWLINE = 10;
const BRACE = 125;
/** The end of a whole entry. */
export const ENTRY_END = '}\n';
export const CHUNK = 256 * 1024;
/** A longer line is skipped instead of being held in memory; the store itself writes none (see `long.ts`). */
export const MAX_LINE = 8 * 1024 * 1024;

/** Bytes that are read from any place. */
interface ByteSource {
  /** @returns the number of bytes that were read; 0 at the end */
  read(into: Buffer, at: number): Promise<number>;
}

/** Receives a line and its start offset, or the length of a line over the limit. False ends the reading. */
export interface LineTaker {
  line(bytes: Buffer, offset: number): boolean;
  tooLong(bytes: number, offset: number): boolean;
}

/**
 * Returns the complete lines of a part from an offset on, without an unterminated last line. Buffers a chunk and a
 * line.
 *
 * @returns the offset after the last returned line
 */
export async function eachLine(source: ByteSource, from: number, until: number, taker: LineTaker): Promise<number> {
  let next = from;
  let at = from;
  let rest: Buffer = Buffer.alloc(0);
  while (at < until) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, until - at));
    const read = await source.read(chunk, at);
    if (read === 0) break;
    at += read;
    const fresh = chunk.subarray(0, read);
    const skipping = at - read - next > MAX_LINE;
    const data = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      const after = at - data.length + end + 1;
      const more =
        skipping && start === 0 ? taker.tooLong(after - next, next) : taker.line(data.subarray(start, end), next);
      next = after;
      start = end + 1;
      if (!more) return next;
    }
    rest = at - next > MAX_LINE ? Buffer.alloc(0) : data.subarray(start);
  }
  return next;
}

/**
 * The offset of the line that is `lines` lines before an offset, or of the first one. Reads backwards in chunks, and
 * stops at the first line after more than `bytes`, so that a page of long lines is not larger than one of short ones.
 */
export async function backBy(
  source: ByteSource,
  end: number,
  lines: number,
  bytes: number,
): Promise<{ offset: number; lines: number }> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, end));
  let found = 0;
  let start = end;
  let last = -1;
  while (start > 0) {
    const length = Math.min(chunk.length, start);
    const part = chunk.subarray(0, length);
    await source.read(part, start - length);
    for (let at = part.lastIndexOf(NEWLINE); at >= 0; at = at === 0 ? -1 : part.lastIndexOf(NEWLINE, at - 1)) {
      const begin = start - length + at + 1;
      // The first newline ends the last complete line; the rest is torn or still being written.
      if (last >= 0) found += 1;
      if (last >= 0 && (found >= lines || end - begin > bytes)) return { offset: begin, lines: found };
      last = begin;
    }
    start -= length;
  }
  return { offset: 0, lines: last < 0 ? 0 : found + 1 };
}

/** Counts the entries between two offsets: lines that end as an entry does, so that torn ones do not count. */
export async function countLines(
  source: ByteSource,
  from: number,
  until: number,
): Promise<{ lines: number; offset: number }> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, until - from)));
  let lines = 0;
  let offset = from;
  let last = 0;
  for (let at = from; at < until; ) {
    const part = chunk.subarray(0, Math.min(chunk.length, until - at));
    const read = await source.read(part, at);
    if (read === 0) break;
    // Splitting a text of one byte per character takes a fifth of the time of a look at each byte.
    lines += part.toString('latin1', 0, read).split(ENTRY_END).length - 1;
    if (last === BRACE && part[0] === NEWLINE) lines += 1;
    const newline = part.subarray(0, read).lastIndexOf(NEWLINE);
    if (newline >= 0) offset = at + newline + 1;
    last = part[read - 1] ?? 0;
    at += read;
  }
  return { lines, offset };
}
