import type { Disposable } from '../../../core/disposable.ts';
import { onFirstUse } from '../../../core/on-first-use.ts';
import type { TaskLogEntry } from '../../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../../logs/range.ts';
import type { LogOrigin, LogStore } from '../../ports.ts';
import { FolderWatcher } from '../disk/watcher.ts';
import { logFile, logIdOf, namesIn } from './layout.ts';
import type { LogsContext, OpenedLogs } from './opened-logs.ts';

/**
 * The logs of a store's tasks in files. The code that reads and writes them loads on first use, because a list of tasks
 * does neither.
 */
export class FileLogs implements LogStore {
  private readonly context: Omit<LogsContext, 'isDeleted'>;
  /** Tasks deleted since the store was opened: late lines must not recreate their log. */
  private readonly deleted = new Set<string>();
  private readonly load: () => Promise<OpenedLogs>;
  private last: Promise<OpenedLogs> | undefined;

  constructor(context: Omit<LogsContext, 'isDeleted'>) {
    this.context = context;
    this.load = onFirstUse(async () => {
      const { OpenedLogs } = await import('./opened-logs.ts');
      return new OpenedLogs({ ...context, isDeleted: (id) => this.deleted.has(id) });
    });
  }

  async append(id: string, entries: readonly TaskLogEntry[], origin: LogOrigin = {}): Promise<void> {
    await (await this.opened()).append(id, entries, origin);
  }

  async sync(id: string): Promise<void> {
    if (this.last !== undefined) await (await this.opened()).sync(id);
  }

  async flush(): Promise<void> {
    if (this.last !== undefined) await (await this.opened()).flush();
  }

  /** Waits until the entries so far are written, reports of changes included. */
  async settled(): Promise<void> {
    if (this.last !== undefined) await (await this.opened()).settled();
  }

  async read(id: string, range: LogRange): Promise<LogEntryPage> {
    return (await this.opened()).read(id, range);
  }

  async count(id: string): Promise<number> {
    return (await this.opened()).count(id);
  }

  lastAt(id: string): number | undefined {
    return this.context.fs.lookSync(logFile(this.context.layout.logs, id))?.mtimeMs;
  }

  changes(changed: (id: string | undefined) => void): Disposable {
    // The name of a file that is appended to, or of the folder with the ended parts.
    const named = (name: string | undefined): void => changed(name === undefined ? undefined : (logIdOf(name) ?? name));
    return new FolderWatcher(this.context.layout.logs, named);
  }

  async watch(on: boolean): Promise<void> {
    if (!on && this.last === undefined) return;
    const watching = this.opened().then(async (logs) => {
      await logs.watch(on);
      return logs;
    });
    // Calls that follow wait for it, so that entries which they add are among those that are reported.
    void this.next(watching.catch(() => this.load()));
    await (await watching).watching();
  }

  /** Tasks that have a log. */
  async ids(): Promise<Set<string>> {
    const { fs, layout } = this.context;
    return new Set((await namesIn(fs, layout.logs)).map((name) => logIdOf(name) ?? name));
  }

  async archivedIds(): Promise<Set<string>> {
    return new Set(await namesIn(this.context.fs, this.context.layout.archivedLogs));
  }

  /** The task exists, regardless of its earlier state. */
  expect(id: string): void {
    this.deleted.delete(id);
  }

  /** The task left memory: it was deleted or archived. */
  ended(id: string, deleted: boolean): void {
    if (deleted) this.deleted.add(id);
  }

  /** Removes all of the log of a task that was deleted. */
  async remove(id: string): Promise<void> {
    this.deleted.add(id);
    await (await this.opened()).remove(id);
  }

  /** Compresses the whole log of an ended task. @returns the bytes that this freed */
  async compress(id: string): Promise<number> {
    return (await this.opened()).compress(id);
  }

  /** Compresses all of the log of a task that was archived, and moves it into the archive. */
  async archive(id: string): Promise<void> {
    await (await this.opened()).archive(id);
  }

  /** The log of a restored task. It stays compressed; new lines do not. */
  async restore(id: string): Promise<void> {
    await (await this.opened()).restore(id);
  }

  async close(): Promise<void> {
    if (this.last !== undefined) await (await this.opened()).close();
  }

  /** Callers continue in the order of their calls: each waits for the same promise as the one before it, or a later one. */
  private opened(): Promise<OpenedLogs> {
    return this.last ?? this.next(this.load());
  }

  private next(step: Promise<OpenedLogs>): Promise<OpenedLogs> {
    this.last = step;
    step.catch(() => {
      if (this.last === step) this.last = undefined;
    });
    return step;
  }
}
