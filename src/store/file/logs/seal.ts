import type { DiskFile } from '../disk/disk-file.ts';
import { CHUNK, NEWLINE } from './lines.ts';

/** Ends a line that a crash tore. It does not end as an entry does, so that the torn line is not counted as one. */
export const TEAR = '#torn\n';
/** The line that ends the valid content of a part. No entry is equal to it: entries are JSON objects. */
const SEAL = '#sealed\n';
const SEAL_LINE = `\n${SEAL}`;

/*
 * Exactly once, although a process may open the live file, sleep, and append after others made it a part and compressed
 * it. All appends to one file have one order, so the file itself decides:
 *
 * - A part is only sealed after it was renamed, and only compressed up to its first seal. Every process that compresses
 *   it, also after a crash at any step, therefore compresses the same bytes.
 * - Readers stop at the first seal of a part, so that a part reads the same before and after it is compressed.
 * - A writer checks after each append whether its file is still the live one. If so, no seal precedes its lines. If
 * not,
 *   it looks for a seal in front of its lines. Only if there is one, it writes them again, to the new live file. A
 *   writer that dies in between has acknowledged nothing, and its lines are there once or not at all.
 */

/** The bytes of a part that count, after making sure that none follow. The handle is open for reading and appending. */
export async function sealPart(part: DiskFile): Promise<Buffer> {
  for (;;) {
    const data = await part.readFile();
    const end = sealIn(data);
    if (end !== undefined) {
      await part.datasync();
      return data.subarray(0, end);
    }
    const whole = data.length === 0 || data.at(-1) === NEWLINE;
    await part.writeFile(whole ? SEAL : `${TEAR}${SEAL}`);
  }
}

/**
 * The offset of the first seal of a part; undefined if it is not sealed.
 *
 * @param from the end of a line before which there is no seal
 */
export async function findSeal(part: DiskFile, size: number, from = 0): Promise<number | undefined> {
  // The end of a chunk is searched again with the next one: a seal may begin in it.
  const kept = SEAL_LINE.length - 1;
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(0, size - from)) + kept);
  chunk[kept - 1] = NEWLINE;
  let first = kept - 1;
  for (let at = from; at < size; ) {
    const { bytesRead } = await part.read(chunk, kept, Math.min(chunk.length - kept, size - at), at);
    if (bytesRead === 0) return undefined;
    const found = chunk.subarray(first, kept + bytesRead).indexOf(SEAL_LINE);
    if (found >= 0) return at - kept + first + found + 1;
    chunk.copyWithin(0, bytesRead, bytesRead + kept);
    at += bytesRead;
    first = Math.max(0, first - bytesRead);
  }
  return undefined;
}

/**
 * Whether lines that were appended to a file which is no longer the live one are part of the log.
 *
 * @param from the size of the file before they were appended
 */
export async function isKept(file: DiskFile, lines: Buffer, from: number): Promise<boolean> {
  // Asked first: a file that was compressed and removed has been sealed before.
  const { nlink } = await file.stat();
  const { size } = await file.stat();
  const seal = await findSeal(file, size);
  // It was removed in the meantime.
  if (seal === undefined) return nlink > 0;
  if (from >= seal) return false;
  const behind = Buffer.alloc(Math.min(size, seal) - from);
  await file.read(behind, 0, behind.length, from);
  return behind.includes(lines);
}

function sealIn(data: Buffer): number | undefined {
  if (data.subarray(0, SEAL.length).equals(Buffer.from(SEAL))) return 0;
  const at = data.indexOf(SEAL_LINE);
  return at < 0 ? undefined : at + 1;
}
