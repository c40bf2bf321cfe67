import { hostname } from 'node:os';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { Serial } from '../../core/serial.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { OriginalTask } from '../../core/task/original.ts';
import type { TransactionLine } from '../journal/acceptance.ts';
import { Committer } from '../journal/committer.ts';
import { CompactionTime } from '../journal/compaction-time.ts';
import type { Mutation } from '../journal/draft.ts';
import type { StoreState } from '../journal/state.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { Repository, RepositoryListener } from '../repository.ts';
import { ArchiveFiles } from './archive/archive-files.ts';
import { Archiver } from './archive/archiver.ts';
import { FileCoordination } from './coordination/file-coordination.ts';
import { gone, notWritable, refused, unreadable } from './disk-errors.ts';
import { type FileSystem, isMissing, nodeFileSystem } from './file-system.ts';
import { importOriginal } from './import-original.ts';
import { Compactor } from './journal/compactor.ts';
import { type Appended, Journal } from './journal/journal.ts';
import { type Loaded, loadStore } from './journal/loader.ts';
import { Memory } from './journal/memory.ts';
import { type Layout, layoutOf, segmentFile } from './layout.ts';
import { FileLogs } from './logs/file-logs.ts';
import type { FileRepositoryOptions } from './repository-options.ts';
import { prepareFolders } from './set-up.ts';
import { HandEdits } from './snapshots/hand-edits.ts';
import { quarantine } from './snapshots/quarantine.ts';
import { removeIfThere, TaskFileWriter } from './snapshots/task-files.ts';
import { FileMaintenance } from './upkeep/file-maintenance.ts';
import { FolderWatcher } from './watcher.ts';

/** The embedded repository: journal, task files and log files in `.systemprompt/state`. */
export class FileRepository implements Repository {
  readonly problems: string[] = [];
  readOnly: string | undefined;
  private readonly options: FileRepositoryOptions;
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly memory = new Memory();
  private readonly state = this.memory.state;
  private readonly journal: Journal;
  private readonly files: TaskFileWriter;
  private readonly committer: Committer;
  private readonly edits: HandEdits;
  private readonly logs: FileLogs;
  readonly archive: Archiver;
  readonly coordination: FileCoordination;
  readonly maintenance: FileMaintenance;
  private readonly now: () => string;
  private listener: RepositoryListener | undefined;
  private readonly watchers: FolderWatcher[] = [];
  private refreshing: Promise<void> | undefined;
  private ready = false;
  /** Where files of the view are staged that stands while everything is read again: the journal is elsewhere by then. */
  private oldStaging: string | undefined;
  /** Reading broke off: memory and the place in the journal do not belong together, and all has to be read again. */
  private broken = false;
  private readonly serial = new Serial();
  private readonly compaction: CompactionTime;
  private readonly compactor: Compactor;
  private closing: Promise<void> | undefined;

  constructor(options: FileRepositoryOptions) {
    this.options = options;
    this.fs = options.fs ?? nodeFileSystem;
    this.layout = layoutOf(options.folder);
    this.coordination = new FileCoordination(options.folder, process.env, this.fs);
    this.now = options.now ?? (() => new Date().toISOString());
    this.compaction = new CompactionTime(() => this.compactSoon(), options.compactAt);
    const report = (error: unknown): void => options.logger.warn('A task file was not written yet.', error);
    this.journal = new Journal(this.fs, this.layout, {
      accepted: (line) => this.accept(line),
      verdict: (tx, accepted) => this.committer.verdict(tx, accepted),
      sealed: (generation, touched, here) => {
        const { isLoading, target } = this.memory;
        // Whoever ended a segment that is found while everything is read may be long gone.
        this.compactor.add({ generation, touched, nextNumber: target.nextNumber, mine: here || isLoading });
        if (!isLoading) this.memory.history.rotate();
      },
    });
    this.files = new TaskFileWriter({
      fs: this.fs,
      layout: this.layout,
      find: (id) => this.state.byId(id),
      isRemoved: (id) => this.state.isRemoved(id),
      staging: () => this.oldStaging ?? this.journal.staging,
      hasAllOf: (id) => !this.memory.isLoading && this.journal.hasAllOf(id),
      makeDurable: () => this.serial.run(() => this.journal.makeDurable()),
      refresh: () => this.refresh(),
      renew: () => this.serial.run(() => this.journal.sealIfOver(-1)),
      mayReplace: (id) => this.edits.mayReplace(id),
      wrote: (id, stat) => this.edits.wrote(id, stat),
      report,
    });
    this.edits = new HandEdits({
      fs: this.fs,
      layout: this.layout,
      state: this.state,
      history: () => this.memory.history,
      refresh: () => this.refresh(),
      // Also while the store is being closed.
      mutate: (name, mutation) => this.committer.mutate(name, mutation).finally(() => this.deliver()),
      touch: (id) => this.files.touch(id),
      problem: (text) => this.problems.push(text),
      report,
      now: this.now,
    });
    this.logs = new FileLogs({
      fs: this.fs,
      layout: this.layout,
      logger: options.logger,
      limits: options.logLimits,
      isThere: (id) => this.state.byId(id) !== undefined,
      added: (id, entries) => this.listener?.logged(id, entries),
    });
    this.maintenance = new FileMaintenance(this.fs, this.layout, this.state, this.logs, (ids) =>
      this.files.settle(ids),
    );
    this.archive = new Archiver({
      files: new ArchiveFiles(this.fs, this.layout),
      logs: this.logs,
      state: this.state,
      refresh: () => this.refresh(),
      mutate: (name, mutation) => this.mutate(name, mutation),
      now: this.now,
      report: (error) => options.logger.warn('The archive is not tidy yet; it is tidied later.', error),
    });
    this.compactor = new Compactor({
      fs: this.fs,
      layout: this.layout,
      logger: options.logger,
      files: this.files,
      seal: (over) => this.serial.run(() => this.journal.sealIfOver(over)),
      segments: () => this.journal.segments(),
      stagingAfter: (generation) => this.journal.stagingAfter(generation),
      settle: (id) => this.archive.settle(id),
      now: this.now,
      count: () => this.state.size,
      touched: () => this.journal.touched(),
      gone: (generation, done) => {
        this.archive.forgetUpTo(generation);
        this.state.forgetRemoved(done);
      },
    });
    this.committer = new Committer(
      {
        view: () => this.state,
        position: () => ({ gen: this.journal.generation, after: this.journal.size, next: this.state.nextNumber }),
        prepare: () => this.prepare(),
        isBegun: () => this.ready,
        begin: () => this.serial.run(() => this.create()),
        append: (lines) => this.append(lines),
        committed: (transaction, logs) => {
          for (const { id, op } of transaction.ops) this.afterCommit(id, op === 'create');
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
    const loaded = await this.load().catch((error) => this.journal.close().then(() => unreadable(error)));
    await this.afterLoading(loaded);
    if (this.readOnly === undefined) {
      if (loaded.originals.length > 0) await this.takeOver(loaded.originals);
      await this.edits.found(loaded.edits.known, loaded.edits.taken);
    }
    this.memory.takeChanges();
    this.listener = listener;
    if (!this.options.watch) return;
    this.watchers.push(
      new FolderWatcher(this.layout.journal, () => void this.refreshQuietly()),
      new FolderWatcher(this.layout.tasks, (name) => this.edits.look(name)),
    );
  }

  async mutate<T>(name: string, mutation: Mutation<T>): Promise<T> {
    if (this.closing !== undefined) throw new TaskError('StoreClosed', 'The store is closed.');
    if (this.readOnly !== undefined) throw new TaskError('StoreNewer', this.readOnly);
    try {
      return await this.committer.mutate(name, mutation);
    } finally {
      this.deliver();
      if (this.closing === undefined) this.compaction.changed(this.journal.size);
    }
  }

  /** @throws TaskError when the journal cannot be read; the next call tries again */
  refresh(): Promise<void> {
    // A reading that is under way may have passed the end already, so that one more has to follow it.
    this.refreshing ??= this.serial.run(() => {
      this.refreshing = undefined;
      return this.readOn().catch(unreadable);
    });
    return this.refreshing;
  }

  async appendLog(taskId: string, entries: readonly TaskLogEntry[]): Promise<void> {
    if (this.closing !== undefined) throw new TaskError('StoreClosed', 'The store is closed.');
    const prepared = prepareFolders(this.fs, this.layout);
    await prepared
      .then(() => this.logs.append(taskId, entries))
      .catch((error) => refused(isMissing(error) ? gone(this.layout.logs) : error));
  }

  readLog(taskId: string, range: LogRange): Promise<LogEntryPage> {
    return this.logs.read(taskId, range).catch(unreadable);
  }

  countLog(taskId: string): Promise<number> {
    return this.logs.count(taskId).catch(unreadable);
  }

  watchLogs(on: boolean): void {
    this.logs.watch(on);
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async release(): Promise<void> {
    for (const each of [...this.watchers, this.compaction]) each.dispose();
    this.compactor.close();
    await this.committer.idle();
    const steps: [() => Promise<void>, string][] = [
      [() => this.edits.close(), ''],
      [() => this.logs.close(), 'Log lines could not be written.'],
      [() => this.archive.idle(), ''],
      [() => this.serial.idle(), ''],
      [() => this.compactor.idle(), ''],
      [() => this.files.flush(), 'Task files could not be written; the journal has everything.'],
      [() => this.compactor.idle(), ''],
      [() => this.serial.run(() => this.journal.close()), 'The journal could not be closed.'],
    ];
    for (const [step, failure] of steps) await step().catch((error) => this.options.logger.warn(failure, error));
  }

  private accept(line: TransactionLine): void {
    this.archive.note(line, (id) => this.memory.target.byId(id));
    this.memory.accept(line);
  }

  private async load(): Promise<Loaded> {
    this.oldStaging ??= this.journal.staging;
    this.broken = true;
    try {
      const loaded = await loadStore({
        fs: this.fs,
        layout: this.layout,
        journal: this.journal,
        begin: () => this.beginLoading(),
        numbering: (known) => this.memory.numbered(known),
        history: () => this.memory.history,
      });
      this.readOnly = loaded.readOnly;
      this.ready = this.journal.isOpen;
      this.problems.splice(0, Infinity, ...loaded.bad.map(({ file, reason }) => `${file}: ${reason}`));
      this.compactor.first = loaded.generation;
      this.archive.noted();
      this.memory.finish(this.listener === undefined ? undefined : (id) => this.archive.isArchived(id));
      this.oldStaging = undefined;
      this.broken = false;
      return loaded;
    } finally {
      this.memory.end();
    }
  }

  private beginLoading(): StoreState {
    this.compactor.forget();
    this.archive.forget();
    return this.memory.begin();
  }

  private async afterLoading(loaded: Loaded): Promise<void> {
    await this.archive.keepUnknown();
    if (this.readOnly === undefined && loaded.exists) await this.tidy(loaded);
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
      await this.compactor.run(0);
    } catch (error) {
      this.problems.push(`Tasks of the original server could not be taken over: ${(error as Error).message}`);
    }
  }

  private async tidy(loaded: Loaded): Promise<void> {
    const { fs, layout } = this;
    const steps = [
      () => quarantine(fs, layout, loaded.bad, this.now()),
      ...loaded.leftover.map((generation) => () => removeIfThere(fs, segmentFile(layout, generation))),
      () => this.archive.settleAll(),
    ];
    for (const step of steps) {
      await step().catch((error) => this.options.logger.warn('The store could not be tidied up.', error));
    }
    if (this.compactor.isNeeded) this.compactSoon();
  }

  /** Reads on; when the journal went on without this process for too long, everything is read again. */
  private async readOn(): Promise<void> {
    if (this.broken) return this.reload();
    if (!this.ready) {
      if ((await this.journal.segments()).length > 0) await this.reload();
      return;
    }
    this.broken = true;
    const reading = await this.journal.read();
    this.broken = false;
    this.deliver();
    if (reading === 'behind' || reading === 'gone') await this.reload();
  }

  private async reload(): Promise<void> {
    const loaded = await this.load();
    this.deliver();
    await this.afterLoading(loaded);
    // Not waited for: it makes changes, and they wait for this reading to end.
    if (this.readOnly === undefined) void this.edits.found(loaded.edits.known, loaded.edits.taken);
  }

  private async refreshQuietly(): Promise<void> {
    if (this.closing !== undefined) return;
    await this.refresh().catch((error) => {
      if (this.closing === undefined) this.options.logger.warn('The store could not be read again.', error);
    });
  }

  private async prepare(): Promise<void> {
    await this.refresh();
    if (!this.ready) await this.fs.stat(this.options.folder).catch(() => Promise.reject(gone(this.options.folder)));
  }

  /** Begins a journal, unless another process has done so at the same moment and gone far already. */
  private async create(): Promise<void> {
    await prepareFolders(this.fs, this.layout, 'anew');
    await this.options.onMade?.();
    const { first } = this.compactor;
    await this.journal.createSegment(first);
    if ((await this.journal.segments()).at(-1) === first) {
      this.ready = await this.journal.openSegment(first, true);
    } else {
      await this.reload();
    }
    if (!this.ready)
      throw new TaskError('StoreNotWritable', 'The journal could not be begun.', { next: [textStep('Try again.')] });
  }

  /** Reading and appending move the same position, so they take turns. */
  private append(lines: readonly string[]): Promise<Appended> {
    return this.serial.run(async () => {
      if (this.broken) throw notWritable(new Error('the store could not be read'));
      this.broken = true;
      const appended = await this.journal.append(lines);
      this.broken = appended.gone;
      return appended;
    });
  }

  private afterCommit(id: string, fresh: boolean): void {
    this.files.touch(id, fresh);
    if (this.state.byId(id) !== undefined) return;
    this.archive.settle(id).catch((error) => this.options.logger.warn('A log was not removed.', error));
  }

  private write(id: string, entries: readonly TaskLogEntry[]): void {
    if (this.state.byId(id) === undefined) return;
    this.logs.append(id, entries).catch((error) => this.options.logger.warn('A log line was not written.', error));
  }

  private deliver(): void {
    if (this.listener === undefined) return;
    const changes = this.memory.takeChanges();
    if (changes.length > 0) this.listener.changed(changes);
  }

  private compactSoon(): void {
    this.compactor.soon(this.compaction.over);
  }
}
