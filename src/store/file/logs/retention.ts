import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogLimits } from '../../logs/limits.ts';
import { errorCode, type FileSystem, isMissing, makeFolder, syncFolder } from '../disk/file-system.ts';
import { logFile, logFolder } from './layout.ts';
import { dropOver } from './limit.ts';
import { endedParts, isEnding, isSameFile, type LogPart, partFile, partNames } from './parts.ts';
import { sealPart } from './seal.ts';
import { openIfThere } from './source.ts';

/** A larger part would have to be buffered to be read, so it stays uncompressed. */
const MAX_COMPRESSED = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 1_000;
// A link could lead to any file of the person.
const READ_APPEND = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Seals parts of logs and compresses the oldest ones. No process holds a lock: a rename gives the live file to exactly
 * one process, and an exclusive link gives it the next free number. Until then, readers count it under that number. A
 * part has one name before it is compressed, and is compressed up to its seal (see `seal.ts`). Any process can repeat
 * each step after a crash.
 */
export class LogRetention {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly limits: LogLimits;

  constructor(fs: FileSystem, root: string, limits: LogLimits) {
    this.fs = fs;
    this.root = root;
    this.limits = limits;
  }

  isOver(bytes: number): boolean {
    return bytes >= this.limits.partBytes;
  }

  /** The live file becomes the newest ended part. */
  async endPart(id: string): Promise<void> {
    const folder = logFolder(this.root, id);
    await makeFolder(this.fs, this.root, folder);
    // Parts are numbered in the order of their stamps, and several can end in a millisecond.
    const others = (await partNames(this.fs, this.root, id)).filter(isEnding).map(stampOf);
    const stamp = String(Math.max(Date.now(), ...others.map((other) => other + 1))).padStart(15, '0');
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
    if (this.sizeOf(logFile(this.root, id)) > 0) await this.endPart(id);
    else await this.numberEnding(id);
    return this.compressOver(id, 0, 0);
  }

  /** Compresses the oldest parts until the plain ones are under the cap. @returns the bytes that this freed */
  async compressOver(id: string, cap = this.limits.capBytes, settleMs = this.limits.settleMs): Promise<number> {
    const plain: { part: LogPart; size: number }[] = [];
    for (const part of await endedParts(this.fs, this.root, id)) {
      if (!part.compressed && !part.ending) plain.push({ part, size: this.sizeOf(part.file) });
    }
    let bytes = plain.reduce((sum, { size }) => sum + size, this.sizeOf(logFile(this.root, id)));
    let freed = 0;
    for (const { part, size } of plain) {
      if (bytes <= cap) break;
      if (size > MAX_COMPRESSED || !(await this.hasSettled(part.file, settleMs))) continue;
      freed += size - ((await this.compress(id, part)) ?? size);
      bytes -= size;
    }
    return freed;
  }

  /** Drops the oldest lines of a log above its limit. @param announce logs the dropped amount */
  dropOver(id: string, announce: (message: string) => Promise<void>): Promise<number> {
    const { maxBytes } = this.limits;
    return dropOver(this.fs, this.root, id, maxBytes, (bytes) =>
      announce(
        `The log reached its limit of ${megabytes(maxBytes)} on disk (setting logs.maxMegabytes). Its oldest lines were dropped: ${megabytes(bytes)}.`,
      ),
    );
  }

  /** Assigns numbers to moved parts, in their order. */
  async numberEnding(id: string): Promise<void> {
    const folder = logFolder(this.root, id);
    for (const name of (await partNames(this.fs, this.root, id)).filter(isEnding).sort()) {
      await this.number(id, join(folder, name));
    }
  }

  private async number(id: string, first: string): Promise<void> {
    let ending = first;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      await this.removeWrongNumber(id, ending);
      const parts = (await endedParts(this.fs, this.root, id)).filter((part) => !part.ending);
      // Another process has just given it a number and is about to remove the old name.
      const given = parts.find((part) => !part.compressed && isSameFile(this.fs, ending, part.file));
      const number = given?.number ?? (parts.at(-1)?.number ?? -1) + 1;
      const file = partFile(this.root, id, number);
      if (given === undefined) {
        try {
          await this.fs.link(ending, file);
        } catch (error) {
          if (isMissing(error)) return;
          if (errorCode(error) !== 'EEXIST') throw error;
          if (!isSameFile(this.fs, ending, file)) continue;
        }
      }
      // Another process compressed a part of this number, or continued, since the folder was read: then it is the next.
      const now = await endedParts(this.fs, this.root, id);
      const isWrong = this.hasCompressed(file) || now.some((part) => part.number > number && !part.ending);
      // A process that continued because the part had its number has removed the old name before.
      if (this.fs.lookSync(ending) === undefined) return;
      if (!isWrong) return this.unlink(ending);
      // Another process may find the number right, and remove the old name: the part gets one that only processes know
      // to which the number is wrong.
      const again = ending.replace(/\.jsonl$/, `-${randomUUID().slice(0, 8)}.jsonl`);
      try {
        await this.fs.link(file, again);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await this.unlink(file);
      await this.unlink(ending);
      ending = again;
    }
  }

  /** A process may have died after it took a number that another part had until it was compressed. */
  private async removeWrongNumber(id: string, ending: string): Promise<void> {
    for (const name of await partNames(this.fs, this.root, id)) {
      const file = join(logFolder(this.root, id), name);
      if (/^\d+\.jsonl$/.test(name) && this.hasCompressed(file) && isSameFile(this.fs, ending, file)) {
        await this.unlink(file);
      }
    }
  }

  /** @returns the size of the compressed file; undefined for a part that cannot be compressed now */
  private async compress(id: string, part: LogPart): Promise<number | undefined> {
    const target = `${part.file}.gz`;
    const staged = `${target}.${randomUUID()}`;
    // Staged before the part is opened: if the folder is moved in the meantime, the staged file is missing here, too.
    const out = await this.fs.open(staged, 'wx');
    try {
      const handle = await openIfThere(this.fs, part.file, READ_APPEND);
      try {
        // With its old name, it could get another number later.
        if (handle === undefined || (await handle.stat()).nlink > 1) {
          await this.unlink(staged);
          return handle === undefined ? this.sizeOf(target) : undefined;
        }
        const packed = await promisify(gzip)(await sealPart(handle));
        await out.writeFile(packed);
        await out.datasync();
        await this.fs.rename(staged, target);
        await syncFolder(this.fs, logFolder(this.root, id));
        if (this.fs.lookSync(part.file)?.ino === (await handle.stat()).ino) await this.unlink(part.file);
        return packed.length;
      } finally {
        await handle?.close();
      }
    } catch (error) {
      await this.unlink(staged).catch(() => {});
      throw error;
    } finally {
      await out.close();
    }
  }

  private hasCompressed(file: string): boolean {
    return this.fs.lookSync(`${file}.gz`) !== undefined;
  }

  private async hasSettled(file: string, settleMs: number): Promise<boolean> {
    try {
      return (await this.fs.stat(file)).mtimeMs <= Date.now() - settleMs;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Zero for a link, which no step may move or compress. */
  private sizeOf(file: string): number {
    const look = this.fs.lookSync(file);
    return look?.isFile() === true ? look.size : 0;
  }

  private async unlink(file: string): Promise<void> {
    try {
      await this.fs.unlink(file);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

/** The moment in the name of a part that has no number yet; 0 for a foreign name. */
function stampOf(ending: string): number {
  return Number(/^ending-(\d{15})-/.exec(ending)?.[1] ?? 0);
}
