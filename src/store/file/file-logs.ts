import type { Logger } from '../../core/logger.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../log-range.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import { LogReader } from './log-files.ts';
import { LogFollower } from './log-follower.ts';
import { removeLog } from './log-layout.ts';
import { defaultLogLimits, type LogLimits } from './log-retention.ts';
import { LogWriter } from './log-writer.ts';

const emptyPage: LogEntryPage = { entries: [], start: 0, next: 0 };

/** The logs of a store's tasks: written, read, followed and removed. */
export class FileLogs {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly writer: LogWriter;
  private readonly reader: LogReader;
  private readonly follower: LogFollower;
  /** Tasks that were deleted since the store was opened: lines that are still on their way must not bring a log back. */
  private readonly deleted = new Set<string>();

  constructor(options: {
    fs: FileSystem;
    layout: Layout;
    logger: Logger;
    limits?: LogLimits | undefined;
    /** Lines that were added to a log, also by other processes, while it is watched. */
    added: (id: string, entries: readonly TaskLogEntry[]) => void;
  }) {
    const { fs, layout, logger } = options;
    this.fs = fs;
    this.root = layout.logs;
    this.reader = new LogReader(fs, layout);
    this.follower = new LogFollower(this.root, this.reader, options.added);
    this.writer = new LogWriter({
      fs,
      root: this.root,
      limits: options.limits ?? defaultLogLimits,
      written: (id) => this.follower.poke(id),
      deleted: (id) => this.deleted.has(id),
      // Counted while it is in the system's cache, so that nobody has to read a long log to know how long it is.
      ended: (id) => this.reader.count(id),
      report: (error) => logger.warn('An old part of a log could not be put away; it is kept as it is.', error),
    });
  }

  append(id: string, entries: readonly TaskLogEntry[]): Promise<void> {
    return this.writer.append(id, entries);
  }

  async read(id: string, range: LogRange): Promise<LogEntryPage> {
    return (await this.reader.read(id, range)) ?? emptyPage;
  }

  async count(id: string): Promise<number> {
    return (await this.reader.count(id)) ?? 0;
  }

  watch(on: boolean): void {
    if (on) this.follower.start();
    else this.follower.stop();
  }

  /** The task is there, whatever was before. */
  expect(id: string): void {
    this.deleted.delete(id);
  }

  /** Removes all of the log of a task that was deleted. */
  async remove(id: string): Promise<void> {
    this.deleted.add(id);
    await this.writer.idle(id);
    this.reader.forget(id);
    await removeLog(this.fs, this.root, id);
  }

  async close(): Promise<void> {
    await this.writer.close();
    this.follower.stop();
  }
}
