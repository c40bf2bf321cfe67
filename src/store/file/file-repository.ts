import { hostname } from 'node:os';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { Serial } from '../../core/serial.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { OriginalTask } from '../../core/task/original.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Mutation } from '../draft.ts';
import type { LogEntryPage, LogRange } from '../log-range.ts';
import type { Repository, RepositoryListener } from '../repository.ts';
import { type Change, StoreState } from '../state.ts';
import type { TransactionLine } from './acceptance.ts';
import { ArchiveFiles } from './archive-files.ts';
import { Archiver } from './archiver.ts';
import { Committer } from './committer.ts';
import { compact, type SealedSegment } from './compaction.ts';
import { FileLogs } from './file-logs.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { importOriginal } from './import-original.ts';
import { Journal, notWritable } from './journal.ts';
import { type Layout, layoutOf, segmentFile } from './layout.ts';
import { type Loaded, loadStore } from './loader.ts';
import type { LogLimits } from './log-retention.ts';
import { quarantine } from './quarantine.ts';
import { prepareFolders } from './set-up.ts';
import { removeIfThere, TaskFileWriter } from './task-files.ts';
import { FolderWatcher } from './watcher.ts';

export interface FileRepositoryOptions {
  /** The workspace folder, absolute. */
  readonly folder: string;
  readonly logger: Logger;
  /** Whether changes of other processes are noticed without asking; on for faces that stay, off for one command. */
  readonly watch: boolean;
  readonly fs?: FileSystem;
  readonly now?: () => string;
  /** Bytes of journal after which it is compacted. */
  readonly compactAt?: number;
  /** How much of a log is kept plain. */
  readonly logLimits?: LogLimits | undefined;
}

const COMPACT_AT = 2 * 1024 * 1024;

/** The embedded repository: journal, task files and log files in `.systemprompt/state`. */
export class FileRepository implements Repository {
  readonly problems: string[] = [];
  readOnly: string | undefined;
  private readonly options: FileRepositoryOptions;
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly state = new StoreState();
  private readonly journal: Journal;
  private readonly files: TaskFileWriter;
  private readonly committer: Committer;
  private readonly logs: FileLogs;
  readonly archive: Archiver;
  private readonly now: () => string;
  private listener: RepositoryListener | undefined;
  private watcher: FolderWatcher | undefined;
  private changes: Change[] = [];
  private sealed: SealedSegment[] = [];
  private refreshing: Promise<void> | undefined;
  private compacting: Promise<void> | undefined;
  private ready = false;
  private firstGeneration = 1;
  private numbering = true;
  private readonly serial = new Serial();
  private closed = false;

  constructor(options: FileRepositoryOptions) {
    this.options = options;
    this.fs = options.fs ?? nodeFileSystem;
    this.layout = layoutOf(options.folder);
    this.now = options.now ?? (() => new Date().toISOString());
    const report = (error: unknown): void =>
      options.logger.warn('A task file could not be written; the journal has it.', error);
    this.journal = new Journal(this.fs, this.layout, {
      accepted: (line) => this.accept(line),
      verdict: (tx, accepted) => this.committer.verdict(tx, accepted),
      sealed: (generation, touched) => this.sealed.push({ generation, touched, nextNumber: this.state.nextNumber }),
    });
    this.files = new TaskFileWriter({
      fs: this.fs,
      layout: this.layout,
      find: (id) => this.state.byId(id),
      generation: () => this.journal.generation,
      refresh: () => this.refresh(),
      report,
    });
    this.logs = new FileLogs({
      fs: this.fs,
      layout: this.layout,
      logger: options.logger,
      limits: options.logLimits,
      isThere: (id) => this.state.byId(id) !== undefined,
      added: (id, entries) => this.listener?.logged(id, entries),
    });
    this.archive = new Archiver({
      files: new ArchiveFiles(this.fs, this.layout),
      logs: this.logs,
      state: this.state,
      refresh: () => this.refresh(),
      mutate: (name, mutation) => this.mutate(name, mutation),
      now: this.now,
      report: (error) => options.logger.warn('The archive is not tidy yet; it is tidied later.', error),
    });
    this.committer = new Committer(
      {
        view: () => this.state,
        position: () => ({ gen: this.journal.generation, after: this.journal.size, next: this.state.nextNumber }),
        prepare: () => this.prepare(),
        append: (lines) => this.append(lines),
        committed: (transaction, logs) => {
          for (const { id } of transaction.ops) this.afterCommit(id);
          for (const { id, entry } of logs)
            this.write(id, [{ timestamp: transaction.at, level: 'info', type: 'system', ...entry }]);
        },
        now: this.now,
      },
      `${hostname()}:${process.pid}`,
    );
  }

  get view(): StoreState {
    return this.state;
  }

  async open(listener: RepositoryListener): Promise<void> {
    const { originals } = await this.load();
    if (originals.length > 0 && this.readOnly === undefined) await this.takeOver(originals);
    this.listener = listener;
    this.changes = [];
    if (this.options.watch) this.watcher = new FolderWatcher(this.layout.journal, () => void this.refreshQuietly());
  }

  async mutate<T>(name: string, mutation: Mutation<T>): Promise<T> {
    if (this.closed) throw new TaskError('StoreClosed', 'The store is closed.');
    if (this.readOnly !== undefined) throw new TaskError('StoreNewer', this.readOnly);
    const value = await this.committer.mutate(name, mutation);
    this.deliver();
    if (this.journal.size > (this.options.compactAt ?? COMPACT_AT)) this.compactSoon();
    return value;
  }

  refresh(): Promise<void> {
    // A reading that is under way may have passed the end already, so that one more has to follow it.
    this.refreshing ??= this.serial.run(() => {
      this.refreshing = undefined;
      return this.readOn();
    });
    return this.refreshing;
  }

  async appendLog(taskId: string, entries: readonly TaskLogEntry[]): Promise<void> {
    if (this.closed) throw new TaskError('StoreClosed', 'The store is closed.');
    await prepareFolders(this.fs, this.layout);
    await this.logs.append(taskId, entries);
  }

  readLog(taskId: string, range: LogRange): Promise<LogEntryPage> {
    return this.logs.read(taskId, range);
  }

  countLog(taskId: string): Promise<number> {
    return this.logs.count(taskId);
  }

  watchLogs(on: boolean): void {
    this.logs.watch(on);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.watcher?.dispose();
    await this.committer.idle();
    await this.archive.idle();
    await this.logs.close();
    await this.serial.idle();
    await this.compacting?.catch(() => {});
    try {
      await this.files.flush();
    } catch (error) {
      this.options.logger.warn('Task files could not be written; the journal has everything.', error);
    }
    await this.journal.close();
  }

  private accept(line: TransactionLine): void {
    if (!this.numbering) this.state.nextNumber = line.next;
    this.numbering = true;
    this.archive.note(line, (id) => this.state.byId(id));
    for (const operation of line.ops) {
      const change = this.state.apply(operation, line.at);
      if (change !== undefined) this.changes.push(change);
    }
  }

  private async load(): Promise<Loaded> {
    this.sealed = [];
    this.archive.forget();
    const loaded = await loadStore(this.fs, this.layout, this.state, this.journal, (known) => {
      this.numbering = known;
    });
    this.numbering = true;
    this.changes = [];
    this.readOnly = loaded.readOnly;
    this.ready = this.journal.isOpen;
    this.problems.splice(0, Infinity, ...loaded.bad.map(({ file, reason }) => `${file}: ${reason}`));
    this.firstGeneration = loaded.generation;
    await this.archive.keepUnknown();
    if (this.readOnly === undefined && loaded.exists) await this.tidy(loaded);
    return loaded;
  }

  /** Takes over the tasks of the original server; where that cannot be written, they are only not shown. */
  private async takeOver(originals: readonly OriginalTask[]): Promise<void> {
    const { fs, layout, now, options } = this;
    try {
      const mutate = (name: string, mutation: Mutation<void>): Promise<void> => this.committer.mutate(name, mutation);
      const backup = await importOriginal({ fs, layout, now, mutate }, originals);
      options.logger.info(
        `${originals.length} tasks of the original server were taken over; a backup is in ${backup}.`,
      );
      await this.compactAll(0);
    } catch (error) {
      this.problems.push(`Tasks of the original server could not be taken over: ${(error as Error).message}`);
    }
  }

  private async tidy(loaded: Loaded): Promise<void> {
    try {
      await quarantine(this.fs, this.layout, loaded.bad, this.now());
      for (const generation of loaded.leftover) await removeIfThere(this.fs, segmentFile(this.layout, generation));
      await this.archive.settleAll();
      if (this.sealed.length > 0) this.compactSoon();
    } catch (error) {
      this.options.logger.warn('The store could not be tidied up.', error);
    }
  }

  /** Reads on; when the journal went on without this process for too long, everything is read again. */
  private async readOn(): Promise<void> {
    if (!this.ready) {
      if ((await this.journal.segments()).length > 0) await this.reload();
      return;
    }
    if (!(await this.journal.read())) await this.reload();
    this.deliver();
  }

  private async reload(): Promise<void> {
    const before = new Map([...this.state.all()].map((task) => [task.id as string, task]));
    await this.load();
    this.changes = differences(before, this.state);
    this.deliver();
  }

  private async refreshQuietly(): Promise<void> {
    if (this.closed) return;
    try {
      await this.refresh();
    } catch (error) {
      if (!this.closed) this.options.logger.warn('The store could not be read again.', error);
    }
  }

  private async prepare(): Promise<void> {
    await this.refresh();
    if (this.ready) return;
    try {
      await this.serial.run(() => this.create());
    } catch (error) {
      throw notWritable(error);
    }
  }

  /** Begins a journal, unless another process has done so at the same moment and gone far already. */
  private async create(): Promise<void> {
    await prepareFolders(this.fs, this.layout);
    const first = this.firstGeneration;
    await this.journal.createSegment(first);
    if ((await this.journal.segments()).at(-1) === first) await this.journal.openSegment(first, true);
    else await this.reload();
    this.ready = true;
  }

  /** Reading and appending move the same position, so they take turns. */
  private append(lines: readonly object[]): Promise<void> {
    return this.serial.run(() => this.journal.append(lines));
  }

  private afterCommit(id: string): void {
    this.files.touch(id);
    if (this.state.byId(id) !== undefined) return;
    this.archive.settle(id).catch((error) => this.options.logger.warn('A log was not removed.', error));
  }

  private write(id: string, entries: readonly TaskLogEntry[]): void {
    if (this.state.byId(id) === undefined) return;
    this.logs.append(id, entries).catch((error) => this.options.logger.warn('A log line was not written.', error));
  }

  private deliver(): void {
    if (this.changes.length === 0 || this.listener === undefined) return;
    const changes = this.changes;
    this.changes = [];
    this.listener.changed(changes);
  }

  private compactSoon(): void {
    this.compacting ??= this.compactAll()
      .catch((error) => this.options.logger.warn('The journal could not be compacted; it is kept.', error))
      .finally(() => {
        this.compacting = undefined;
      });
  }

  private async compactAll(over = this.options.compactAt ?? COMPACT_AT): Promise<void> {
    await this.serial.run(() => this.journal.sealIfOver(over));
    const context = {
      fs: this.fs,
      layout: this.layout,
      files: this.files,
      settle: (id: string) => this.archive.settle(id),
      now: this.now,
      count: () => this.state.size,
    };
    for (let segment = this.sealed.shift(); segment !== undefined; segment = this.sealed.shift()) {
      await compact(context, segment);
      this.archive.forgetUpTo(segment.generation);
    }
  }
}

/** What changed between two readings of a whole store. */
function differences(before: ReadonlyMap<string, TaskRecord>, state: StoreState): Change[] {
  const changes: Change[] = [];
  for (const task of state.all()) {
    const old = before.get(task.id);
    if (old === undefined) changes.push({ kind: 'created', task });
    else if (old.revision !== task.revision)
      changes.push({ kind: 'updated', before: old, task, keys: changedKeys(old, task) });
  }
  for (const [id, old] of before) if (state.byId(id) === undefined) changes.push({ kind: 'deleted', before: old });
  return changes;
}

function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
