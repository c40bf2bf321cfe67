import { constants } from 'node:fs';
import type { FileSystem } from '../disk/file-system.ts';
import { logFile } from './layout.ts';
import { endedParts } from './parts.ts';
import { openIfThere } from './source.ts';

/**
 * Milliseconds after which written lines are synced to disk. A crash of the machine loses at most the lines of this
 * time and of the sync in progress.
 */
const SYNC_MS = 2_000;
/** Each sync keeps a thread of Node's pool busy; other work needs the rest. */
const PARALLEL = 2;
const SYNC = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Syncs logs that this process writes, a moment after it wrote, without making writers wait. */
export class LogSync {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly report: (error: unknown) => void;
  /** Logs with unsynced lines, with the number of parts sealed in the meantime. */
  private dirty = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private syncing: Promise<void> = Promise.resolve();

  constructor(fs: FileSystem, root: string, report: (error: unknown) => void) {
    this.fs = fs;
    this.root = root;
    this.report = report;
  }

  /** Lines were written. `ended`: the file that has them is a part now. */
  written(id: string, ended = false): void {
    this.dirty.set(id, (this.dirty.get(id) ?? 0) + (ended ? 1 : 0));
    this.timer ??= setTimeout(() => void this.all(), SYNC_MS).unref();
  }

  /** Syncs one log now. */
  one(id: string): Promise<void> {
    const ended = this.dirty.get(id);
    this.dirty.delete(id);
    // A running sync may have started before the last line.
    if (ended !== undefined) this.syncing = this.syncing.then(() => this.sync(id, ended));
    return this.syncing;
  }

  /** Syncs everything that was written. */
  all(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const logs = [...this.dirty].values();
    this.dirty = new Map();
    const worker = async (): Promise<void> => {
      for (const [id, ended] of logs) await this.sync(id, ended);
    };
    this.syncing = this.syncing.then(async () => {
      await Promise.all(Array.from({ length: PARALLEL }, worker));
    });
    return this.syncing;
  }

  private async sync(id: string, ended: number): Promise<void> {
    try {
      // Another process may have sealed the file with the lines as a part.
      const parts = (await endedParts(this.fs, this.root, id)).slice(-1 - ended);
      const files = [...parts.filter(({ compressed }) => !compressed).map(({ file }) => file), logFile(this.root, id)];
      for (const file of files) await this.syncFile(file);
    } catch (error) {
      this.report(error);
    }
  }

  private async syncFile(file: string): Promise<void> {
    // Compressed or deleted logs are synced or removed.
    const handle = await openIfThere(this.fs, file, SYNC);
    try {
      await handle?.datasync();
    } finally {
      await handle?.close();
    }
  }
}
