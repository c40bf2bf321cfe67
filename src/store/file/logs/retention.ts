import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogLimits } from '../../logs/limits.ts';
import { errorCode, type FileSystem, isMissing, makeFolder, syncFolder } from '../disk/file-system.ts';
import { endedParts, isEnding, type LogPart, logFile, logFolder, namesIn, partFile } from './layout.ts';
import { openIfThere } from './source.ts';

/** Part of a log that is compressed and read as a whole when it is compressed. */
export const PART_BYTES = 8 * 1024 * 1024;
/** Plain text of one log that is kept; what is older is compressed. */
export const DEFAULT_LOG_CAP = 256 * 1024 * 1024;
/** A larger part would have to be held in memory to be read; it stays as it is. */
const MAX_COMPRESSED = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 1_000;

export const defaultLogLimits: LogLimits = { partBytes: PART_BYTES, capBytes: DEFAULT_LOG_CAP, settleMs: 2_000 };

/**
 * Ends parts of logs and compresses the oldest ones. Nobody holds a lock: a rename gives the live file to exactly one
 * process, a link that never replaces gives it the next free number, and until then, readers count it under that
 * number. Each step can be done again after a crash, by anyone.
 */
export class LogRetention {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly limits: LogLimits;
  private readonly appendText: (id: string, text: Buffer) => Promise<void>;

  constructor(
    fs: FileSystem,
    root: string,
    limits: LogLimits,
    /** Adds lines that somebody wrote into a part while it was being compressed. */
    appendText: (id: string, text: Buffer) => Promise<void>,
  ) {
    this.fs = fs;
    this.root = root;
    this.limits = limits;
    this.appendText = appendText;
  }

  isOver(bytes: number): boolean {
    return bytes >= this.limits.partBytes;
  }

  /** The live file becomes the newest ended part. */
  async endPart(id: string): Promise<void> {
    const folder = logFolder(this.root, id);
    await makeFolder(this.fs, this.root, folder);
    const stamp = String(Date.now()).padStart(15, '0');
    try {
      await this.fs.rename(logFile(this.root, id), join(folder, `ending-${stamp}-${randomUUID()}.jsonl`));
    } catch (error) {
      // Another process was first.
      if (!isMissing(error)) throw error;
    }
    await this.numberEnding(id);
  }

  /** Compresses the whole log of an ended task. @returns the bytes that this freed */
  async compressAll(id: string): Promise<number> {
    if ((await this.sizeOf(logFile(this.root, id))) > 0) await this.endPart(id);
    else await this.numberEnding(id);
    return this.compressOver(id, 0, 0);
  }

  /** Compresses the oldest parts until the plain ones are under the cap. @returns the bytes that this freed */
  async compressOver(id: string, cap = this.limits.capBytes, settleMs = this.limits.settleMs): Promise<number> {
    const plain: { part: LogPart; size: number }[] = [];
    for (const part of await endedParts(this.fs, this.root, id)) {
      if (!part.compressed && !part.ending) plain.push({ part, size: await this.sizeOf(part.file) });
    }
    let bytes = plain.reduce((sum, { size }) => sum + size, await this.sizeOf(logFile(this.root, id)));
    let freed = 0;
    for (const { part, size } of plain) {
      if (bytes <= cap) break;
      if (size > MAX_COMPRESSED || !(await this.hasSettled(part.file, settleMs))) continue;
      freed += size - (await this.compress(id, part));
      bytes -= size;
    }
    return freed;
  }

  /** Gives parts that were taken out of the way their numbers, in the order in which they were. */
  async numberEnding(id: string): Promise<void> {
    const folder = logFolder(this.root, id);
    for (const name of (await namesIn(this.fs, folder)).filter(isEnding).sort()) {
      await this.number(id, join(folder, name));
    }
  }

  private async number(id: string, ending: string): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const newest = (await endedParts(this.fs, this.root, id)).filter((part) => !part.ending).at(-1);
      // Another process has just given it a number and is about to take the old name away.
      if (newest !== undefined && (await this.isSame(ending, newest.file))) return this.unlink(ending);
      const number = (newest?.number ?? -1) + 1;
      const file = partFile(this.root, id, number);
      try {
        await this.fs.link(ending, file);
      } catch (error) {
        if (isMissing(error)) return;
        if (errorCode(error) !== 'EEXIST') throw error;
        if (!(await this.isSame(ending, file))) continue;
      }
      // Another process compressed a part of this number, or continued, since the folder was read: then it is the next.
      const now = await endedParts(this.fs, this.root, id);
      const behind = now.some((part) => part.number > number && !part.ending);
      const taken = (await this.sizeOf(`${file}.gz`)) > 0;
      await this.unlink(behind || taken ? file : ending);
      if (!behind && !taken) return;
    }
  }

  /** @returns the size of the compressed file */
  private async compress(id: string, part: LogPart): Promise<number> {
    const handle = await openIfThere(this.fs, part.file);
    if (handle === undefined) return this.sizeOf(`${part.file}.gz`);
    try {
      const data = await handle.readFile();
      const packed = await promisify(gzip)(data);
      const staged = `${part.file}.gz.${randomUUID()}`;
      const out = await this.fs.open(staged, 'w');
      try {
        await out.writeFile(packed);
        await out.datasync();
      } finally {
        await out.close();
      }
      await this.fs.rename(staged, `${part.file}.gz`);
      await syncFolder(this.fs, logFolder(this.root, id));
      // Before the part goes as well: a process that ends in between leaves a late line twice, not nowhere.
      const kept = await this.keepLate(id, handle, data.length);
      await this.unlink(part.file);
      await this.keepLate(id, handle, kept);
      return packed.length;
    } finally {
      await handle.close();
    }
  }

  /** What was written into a part behind the bytes that are kept. @returns how many are kept now */
  private async keepLate(id: string, part: FileHandle, kept: number): Promise<number> {
    const { size } = await part.stat();
    if (size <= kept) return kept;
    const late = Buffer.alloc(size - kept);
    await part.read(late, 0, late.length, kept);
    await this.appendText(id, late);
    return size;
  }

  private async hasSettled(file: string, settleMs: number): Promise<boolean> {
    try {
      return (await this.fs.stat(file)).mtimeMs <= Date.now() - settleMs;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private async isSame(a: string, b: string): Promise<boolean> {
    const [first, second] = await Promise.all([this.fs.stat(a), this.fs.stat(b)].map((stat) => stat.catch(() => null)));
    return first != null && second != null && first.ino === second.ino;
  }

  private async sizeOf(file: string): Promise<number> {
    try {
      return (await this.fs.stat(file)).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  private async unlink(file: string): Promise<void> {
    try {
      await this.fs.unlink(file);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
