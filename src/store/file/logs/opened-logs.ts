import type { Logger } from '../../../core/logger.ts';
import type { TaskLogEntry } from '../../../core/task/log-entry.ts';
import { defaultLogLimits, type LogLimits } from '../../logs/limits.ts';
import type { LogEntryPage, LogRange } from '../../logs/range.ts';
import type { LogOrigin } from '../../ports.ts';
import { gone } from '../../storage-errors.ts';
import { type FileSystem, isMissing } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import { quarantine } from '../disk/quarantine.ts';
import { prepareFolders } from '../disk/set-up.ts';
import { LogReader } from './files.ts';
import { LogFollower } from './follower.ts';
import { moveLog, removeLog } from './move.ts';
import { obstacleEntry, obstacleOf, obstacleReason } from './obstacle.ts';
import { LogWriter } from './writer.ts';
import { WrittenFiles } from './written.ts';

const emptyPage: LogEntryPage = { entries: [], start: 0, next: 0 };

export interface LogsContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly logger: Logger;
  readonly limits?: LogLimits | undefined;
  /** Whether a task is in memory: the log of another one is in the archive. */
  readonly isThere: (id: string) => boolean;
  /** Whether a task was deleted since the store was opened: late lines must not recreate its log. */
  readonly isDeleted: (id: string) => boolean;
  /** Lines that were added to a log, also by other processes, while it is watched. */
  readonly added: (id: string, entries: readonly TaskLogEntry[]) => void;
}

/** Reads, writes and moves the logs of a store's tasks. */
export class OpenedLogs {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly logger: Logger;
  private readonly root: string;
  private readonly writer: LogWriter;
  private readonly archivedRoot: string;
  private readonly reader: LogReader;
  private readonly archivedReader: LogReader;
  private readonly isThere: (id: string) => boolean;
  private readonly follower: LogFollower;

  constructor({ fs, layout, logger, limits = defaultLogLimits, isThere, isDeleted, added }: LogsContext) {
    this.logger = logger;
    this.fs = fs;
    this.layout = layout;
    this.root = layout.logs;
    this.archivedRoot = layout.archivedLogs;
    this.isThere = isThere;
    const files = new WrittenFiles();
    this.reader = new LogReader(fs, layout, layout.logs, files);
    this.archivedReader = new LogReader(fs, layout, layout.archivedLogs);
    this.follower = new LogFollower(this.root, this.reader, added);
    this.writer = new LogWriter({
      fs,
      root: this.root,
      limits,
      files,
      written: (id) => this.follower.poke(id),
      deleted: isDeleted,
      // Counted while it is in the page cache, so that a later count does not read a long log.
      ended: (id) => this.reader.count(id),
      putAside: (id) => this.putAside(id),
      report: (error) => logger.warn('An old part of a log could not be put away; it is kept as it is.', error),
    });
  }

  async append(id: string, entries: readonly TaskLogEntry[], origin: LogOrigin): Promise<void> {
    try {
      await this.writer.append(id, entries, origin);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await prepareFolders(this.fs, this.layout);
      await this.writer.append(id, entries).catch((again) => {
        throw isMissing(again) ? gone(this.layout.logs) : again;
      });
    }
  }

  sync(id: string): Promise<void> {
    return this.writer.synced(id);
  }

  flush(): Promise<void> {
    return this.writer.flushAll();
  }

  settled(): Promise<void> {
    return this.writer.settled();
  }

  async read(id: string, range: LogRange): Promise<LogEntryPage> {
    const page = (await this.reader.read(id, range)) ?? (await this.archived(id)?.read(id, range)) ?? emptyPage;
    const obstacle = (range.after ?? 0) > 0 ? undefined : obstacleOf(this.fs, this.root, id);
    return obstacle === undefined ? page : { ...page, entries: [...page.entries, obstacleEntry(obstacle)] };
  }

  async count(id: string): Promise<number> {
    return (await this.reader.count(id)) ?? (await this.archived(id)?.count(id)) ?? 0;
  }

  /** Resolves when all entries that are added later will be reported, or when the watch stops. */
  watching(): Promise<void> {
    return this.follower.ready();
  }

  /** Resolves after the first look at the folder, which may have failed. */
  async watch(on: boolean): Promise<void> {
    if (on) await this.follower.start();
    else this.follower.stop();
  }

  /** Removes all of the log of a task that was deleted. */
  async remove(id: string): Promise<void> {
    await this.forget(id);
    await removeLog(this.fs, this.root, id);
    await removeLog(this.fs, this.archivedRoot, id);
  }

  /** Compresses the whole log of an ended task. @returns the bytes that this freed */
  async compress(id: string): Promise<number> {
    await this.forget(id);
    return this.writer.retention.compressAll(id);
  }

  /** Compresses all of the log of a task that was archived, and moves it into the archive. */
  async archive(id: string): Promise<void> {
    await this.forget(id);
    await this.writer.retention.compressAll(id);
    await moveLog(this.fs, this.root, this.archivedRoot, id);
  }

  /** The log of a restored task. It stays compressed; new lines do not. */
  async restore(id: string): Promise<void> {
    await this.forget(id);
    await moveLog(this.fs, this.archivedRoot, this.root, id);
  }

  /** Moves a link in place of a log to quarantine, so that the log can be written. */
  private async putAside(id: string): Promise<void> {
    const file = obstacleOf(this.fs, this.root, id);
    if (file === undefined) return;
    await quarantine(this.fs, this.layout, [{ file, reason: obstacleReason(file) }], new Date().toISOString());
    this.logger.warn(`${obstacleReason(file)} It was moved to quarantine.`);
  }

  private archived(id: string): LogReader | undefined {
    return this.isThere(id) ? undefined : this.archivedReader;
  }

  private async forget(id: string): Promise<void> {
    await this.writer.idle(id);
    this.reader.forget(id);
    this.archivedReader.forget(id);
  }

  async close(): Promise<void> {
    await this.writer.close();
    this.follower.stop();
  }
}
