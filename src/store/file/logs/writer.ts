import { constants } from 'node:fs';
import { join } from 'node:path';
import type { TaskLogEntry } from '../../../core/task/log-entry.ts';
import type { LogLimits } from '../../logs/limits.ts';
import type { LogOrigin } from '../../ports.ts';
import type { DiskFile } from '../disk/disk-file.ts';
import { errorCode, type FileSystem, makeFolder } from '../disk/file-system.ts';
import { logFile, logFolder } from './layout.ts';
import { LineBuffer } from './line-buffer.ts';
import { NEWLINE } from './lines.ts';
import { cutEntry, LINE_CHARS, type LongText } from './long.ts';
import { isObstacle } from './obstacle.ts';
import { LogRetention } from './retention.ts';
import { isKept, TEAR } from './seal.ts';
import { stampOf } from './stamp.ts';
import { LogSync } from './sync.ts';
import type { WrittenFiles } from './written.ts';

const { O_APPEND, O_CREAT, O_RDWR } = constants;
// A link could lead to any file of the person.
const APPEND = O_APPEND | O_CREAT | O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const FLUSH_MS = 40;
const FLUSH_SIZE = 256 * 1024;
const MAX_ATTEMPTS = 50;
/** A first batch of at most this many bytes, such as the record of a creation, is written at once. */
const FIRST_BYTES = 4_096;

interface Lines {
  readonly bytes: Buffer;
  /** The number of lines. */
  readonly lines: number;
  /** The log has nothing before these lines. */
  readonly fresh?: boolean;
}

interface Pending {
  lines: LineBuffer;
  texts: LongText[];
  /** Characters of entries and of their long texts. */
  size: number;
  timer: NodeJS.Timeout | undefined;
  /** There are entries that were appended before the next change of this process. */
  early: boolean;
  /** The log has nothing before these lines. */
  fresh: boolean;
  waiting: { resolve: () => void; reject: (error: unknown) => void }[];
  writing: Promise<void>;
}

/**
 * Appends entries to log files, in batches of at most 40 ms: each batch is one append of whole lines, so that lines of
 * several processes do not mix. A line that a crash tore is ended before the next batch.
 */
export class LogWriter {
  readonly retention: LogRetention;
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly written: (id: string) => void;
  private readonly files: WrittenFiles;
  private readonly deleted: (id: string) => boolean;
  private readonly ended: (id: string) => Promise<unknown>;
  private readonly putAside: (id: string) => Promise<void>;
  private readonly report: (error: unknown) => void;
  private readonly pending = new Map<string, Pending>();
  private readonly sync: LogSync;
  /** Bytes of long texts that were written since the size of any log was checked. */
  private textBytes = 0;
  private compressing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(options: {
    fs: FileSystem;
    root: string;
    limits: LogLimits;
    /** Learns what is written to which file. */
    files: WrittenFiles;
    /** Called after each batch. */
    written: (id: string) => void;
    /** Whether a task was deleted: the rest of its log is discarded. */
    deleted: (id: string) => boolean;
    /** Moves a link or folder away that is in place of a log. */
    putAside: (id: string) => Promise<void>;
    /** Called after a part of a log was ended. */
    ended: (id: string) => Promise<unknown>;
    report: (error: unknown) => void;
  }) {
    this.fs = options.fs;
    this.root = options.root;
    this.written = options.written;
    this.files = options.files;
    this.deleted = options.deleted;
    this.ended = options.ended;
    this.putAside = options.putAside;
    this.report = options.report;
    this.retention = new LogRetention(options.fs, options.root, options.limits);
    this.sync = new LogSync(options.fs, options.root, options.report);
  }

  /**
   * Resolves when the entries are in the file. Awaiting it bounds memory under a flood. With `soon`, they are written
   * as soon as no other write of the log is running.
   */
  append(
    id: string,
    entries: readonly TaskLogEntry[],
    { seen, change = false, fresh, soon }: LogOrigin = {},
  ): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    const pending = this.of(id);
    for (const entry of entries) this.add(pending, entry, seen, change);
    if (!change) pending.early = true;
    if (fresh === true) pending.fresh = true;
    const done = new Promise<void>((resolve, reject) => pending.waiting.push({ resolve, reject }));
    if (pending.size >= FLUSH_SIZE) this.flush(id, pending);
    else if (soon === true) this.flushSoon(id, pending);
    else pending.timer ??= setTimeout(() => this.flush(id, pending), FLUSH_MS);
    return done;
  }

  /**
   * Writes all entries that wait, and resolves when they are written or failed. Entries that report a change of this
   * process are not waited for: readers put them into their place.
   */
  async flushAll(): Promise<void> {
    const writing: Promise<void>[] = [];
    for (const [id, pending] of this.pending) {
      if (!pending.early) continue;
      this.flush(id, pending);
      writing.push(pending.writing);
    }
    await Promise.all(writing);
  }

  /** Waits until the entries so far are written, reports of changes included. A failure rejects the calls that await it. */
  async settled(): Promise<void> {
    for (const [id, pending] of this.pending) this.flush(id, pending);
    await Promise.all([...this.pending.values()].map(({ writing }) => writing));
  }

  /** Writes the pending entries of a log, and syncs the log to disk. */
  async synced(id: string): Promise<void> {
    const pending = this.pending.get(id);
    if (pending !== undefined) this.flush(id, pending);
    await pending?.writing;
    await this.sync.one(id);
  }

  /** Waits until no write or compression of a log is running. */
  async idle(id: string): Promise<void> {
    const pending = this.pending.get(id);
    if (pending !== undefined) {
      this.flush(id, pending);
      await pending.writing;
    }
    await this.compressing;
  }

  /** Writes all pending entries at once. Failures reject the calls that await their entries. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.pending.keys()].map((id) => this.idle(id)));
    await this.compressing;
    await this.sync.all();
  }

  private add(pending: Pending, entry: TaskLogEntry, seen: number | undefined, change: boolean): void {
    let line = JSON.stringify(entry);
    pending.size += line.length;
    if (line.length > LINE_CHARS) {
      const cut = cutEntry(entry);
      line = JSON.stringify(cut.entry);
      pending.texts.push(...cut.texts);
    }
    const stamp = stampOf(seen, change);
    pending.lines.add(stamp, stamp === '' ? line : line.slice(1));
  }

  private of(id: string): Pending {
    let pending = this.pending.get(id);
    if (pending === undefined) {
      pending = {
        lines: new LineBuffer(),
        texts: [],
        size: 0,
        timer: undefined,
        early: false,
        fresh: false,
        waiting: [],
        writing: Promise.resolve(),
      };
      this.pending.set(id, pending);
    }
    return pending;
  }

  /** Entries of the same moment, and those that come during a write, share one write. */
  private flushSoon(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    // Keeps other entries from starting a second timer.
    pending.timer = setTimeout(() => this.flush(id, pending), FLUSH_MS);
    void pending.writing.then(() => this.flush(id, pending));
  }

  private flush(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = undefined;
    if (pending.lines.length === 0) return;
    const { texts, waiting, early, fresh } = pending;
    const batch = { ...pending.lines.take(), texts, fresh };
    Object.assign(pending, { texts: [], size: 0, waiting: [], fresh: false });
    const writing = pending.writing.then(async () => {
      try {
        if (!this.deleted(id)) {
          await this.writeBatch(id, batch);
          // Lines that only report changes are not worth a sync: the change log has the changes.
          if (early) this.sync.written(id);
        }
        for (const { resolve } of waiting) resolve();
        this.written(id);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
      // Later entries wait for the last write that has begun: two writes at once could change places.
      if (pending.writing !== writing || pending.lines.length > 0 || pending.timer !== undefined) return;
      this.pending.delete(id);
    });
    pending.writing = writing;
  }

  private async writeBatch(id: string, { texts, ...lines }: Lines & { texts: readonly LongText[] }): Promise<void> {
    if (texts.length > 0) {
      await this.putAside(id);
      await makeFolder(this.fs, this.root, logFolder(this.root, id));
    }
    for (const { name, text } of texts) await this.fs.writeFile(join(logFolder(this.root, id), name), text);
    const size = await this.write(id, lines);
    this.textBytes += texts.reduce((sum, { text }) => sum + text.length, 0);
    if (this.retention.isOver(size)) await this.endPart(id);
    else if (this.retention.isOver(this.textBytes)) this.tidy(id);
  }

  /** A failure to end or compress a part must not fail the writing: the next batch tries again. */
  private async endPart(id: string): Promise<void> {
    try {
      await this.putAside(id);
      await this.retention.endPart(id);
    } catch (error) {
      this.report(error);
    }
    this.sync.written(id, true);
    this.tidy(id);
  }

  private tidy(id: string): void {
    this.textBytes = 0;
    this.compressing = this.compressing
      .then(async () => {
        if (this.deleted(id)) return;
        await this.ended(id);
        await this.retention.dropOver(id, (message) => this.announce(id, message));
        // Uncompressed parts are compressed when the next part is sealed; closing does not wait for that.
        if (!this.closed) await this.retention.compressOver(id);
      })
      .catch(this.report);
  }

  private async announce(id: string, message: string): Promise<void> {
    const entry: TaskLogEntry = { timestamp: new Date().toISOString(), level: 'warn', type: 'system', message };
    await this.write(id, { bytes: Buffer.from(`${JSON.stringify(entry)}\n`), lines: 1 });
  }

  /**
   * Appends to the live file, again if the file was sealed before (see `seal.ts`).
   *
   * @returns the size of the live file
   */
  private async write(id: string, { bytes: text, lines, fresh = false }: Lines): Promise<number> {
    const file = logFile(this.root, id);
    if (text.length <= FIRST_BYTES && this.began(file, text, lines, fresh)) return text.length;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const handle = await this.open(id, file);
      try {
        const before = await handle.stat();
        const { size } = before;
        const isWhole = this.files.startOf(before)?.bytes === size || (await endsWithNewline(handle, size));
        const buffer = isWhole ? text : Buffer.concat([Buffer.from(TEAR), text]);
        for (let done = 0; done < buffer.length; ) {
          done += (await handle.write(buffer, done, buffer.length - done)).bytesWritten;
        }
        const now = this.fs.lookSync(file);
        if (now?.ino === before.ino) {
          // Otherwise another process has appended as well.
          if (isWhole && now.size === size + text.length) this.files.appended(before, size, text.length, lines);
          else this.files.forget(before);
          return size + buffer.length;
        }
        this.files.forget(before);
        if (this.deleted(id) || (await isKept(handle, text, size))) return 0;
      } finally {
        await handle.close();
      }
    }
    throw new Error(`The log of ${id} was ended ${MAX_ATTEMPTS} times while lines were written to it.`);
  }

  private async open(id: string, file: string): Promise<DiskFile> {
    try {
      return await this.fs.open(file, APPEND);
    } catch (error) {
      if (!isObstacle(errorCode(error))) throw error;
      await this.putAside(id);
      return this.fs.open(file, APPEND);
    }
  }

  /**
   * Creates the live file with its first lines. No process seals an empty file, so lines in it count while it is the
   * live one.
   *
   * @returns false if one exists
   */
  private began(file: string, text: Buffer, lines: number, fresh: boolean): boolean {
    const { fs } = this;
    // The error for a file that is there costs more than this, so only a new task does without.
    if (!fresh && fs.lookSync(file) !== undefined) return false;
    try {
      const made = fs.writeNewSync(file, text);
      if (made.size === text.length) {
        // Nothing else was in it, so that it was not sealed before.
        this.files.appended(made, 0, text.length, lines);
        return true;
      }
      if (fs.lookSync(file)?.ino === made.ino) return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
    throw new Error(`${file} was moved away while its first lines were written.`);
  }
}

async function endsWithNewline(handle: DiskFile, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}
