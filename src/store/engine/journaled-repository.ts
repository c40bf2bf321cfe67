import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { onFirstUse } from '../../core/on-first-use.ts';
import { Serial } from '../../core/serial.ts';
import { newPartId } from '../../core/task/id.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { CommitLog, Committer } from '../journal/committer.ts';
import type { Mutation, StoreMutation } from '../journal/draft.ts';
import type { TransactionLine } from '../journal/lines.ts';
import { Memory } from '../journal/memory.ts';
import type { StoreState } from '../journal/state.ts';
import { seenOf } from '../logs/causal-order.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { Maintenance } from '../maintenance.ts';
import type { Appended, Coordination, LogOrigin, Origin, Reports } from '../ports.ts';
import type { Repository, RepositoryListener } from '../repository.ts';
import { newer, notWritable, refused, restricted, unreadable } from '../storage-errors.ts';
import { Archiver } from './archiver.ts';
import { ForeignDeletions } from './foreign-deletions.ts';
import { LogCounts } from './log-counts.ts';
import type { StoreCore, StoreParts } from './store-core.ts';

export interface JournaledOptions {
  readonly logger: Logger;
  /** Whether changes of other processes are noticed without asking. */
  readonly watch: boolean;
  readonly now: () => string;
  /** True if the store is read-only. */
  readonly restricted?: boolean;
  /** The name of this process in its journal lines, for people who read them. */
  readonly by: string;
}

/**
 * A store whose changes are lines of a journal, independent of the storage. Decides mutations on the state in memory,
 * appends them, and reads from the journal which of them count.
 */
export class JournaledRepository implements Repository {
  private readonly found: string[] = [];
  readOnly: string | undefined;
  readonly archive: Archiver;
  private readonly options: JournaledOptions;
  private readonly memory = new Memory();
  private readonly parts: StoreParts;
  private readonly counts: LogCounts;
  /** Code that only changes use loads with the first change. */
  private readonly loadCommitter = onFirstUse(async () => {
    const { Committer } = await import('../journal/committer.ts');
    this.committer = new Committer(this.commitLog(), this.options.by);
    return this.committer;
  });
  private committer: Committer | undefined;
  private changes = false;
  private readonly serial = new Serial();
  private listener: RepositoryListener | undefined;
  private refreshing: Promise<void> | undefined;
  /** Whether a folder that cannot be used makes the store read-only. */
  private unusable = false;
  /** A reading failed: memory and the place in the log may not belong together, so everything is loaded again. */
  private broken = false;
  private closing: Promise<void> | undefined;
  private readonly foreign = new ForeignDeletions();

  constructor(options: JournaledOptions, make: (core: StoreCore) => StoreParts) {
    this.options = options;
    this.parts = make(this.core());
    this.counts = new LogCounts(this.parts.logs, options.watch);
    this.archive = new Archiver({
      records: this.parts.archive,
      logs: this.parts.logs,
      state: this.memory.state,
      refresh: () => this.refresh(),
      mutate: (name, mutation) => this.commit(name, mutation),
      now: options.now,
      report: (error) => options.logger.warn('The archive could not be tidied; it is tried again later.', error),
    });
  }

  get problems(): readonly string[] {
    return [...this.found, ...this.foreign.problems];
  }

  get view(): StoreState {
    return this.memory.state;
  }

  get coordination(): Coordination {
    return this.parts.coordination;
  }

  get maintenance(): Maintenance | undefined {
    return this.parts.maintenance;
  }

  get origin(): Origin {
    return this.parts.origin?.() ?? 'signed';
  }

  async vouch(): Promise<void> {
    if (this.readOnly === undefined) await this.parts.vouch?.();
  }

  async open(listener: RepositoryListener): Promise<void> {
    const { log, snapshots } = this.parts;
    await this.load().catch((error) => log.close().then(() => unreadable(error)));
    await this.afterLoading(true);
    this.memory.takeChanges();
    this.listener = listener;
    if (!this.options.watch) return;
    log.watch(() => void this.refreshQuietly());
    // A read-only store cannot add manual edits to the journal, so it does not look for them.
    if (this.readOnly === undefined) snapshots.watch();
  }

  mutate<T>(name: string, mutation: Mutation<T>, by?: string): Promise<T> {
    return this.commit(name, mutation, by);
  }

  /** Adds whole records, as they were in another store. */
  async implant(tasks: readonly TaskRecord[]): Promise<void> {
    await this.commit('store.migrate', (draft) => {
      for (const task of tasks) draft.restore(task);
    });
  }

  /** Adds a whole record to the archive; its log is here already. */
  async implantArchived(task: TaskRecord): Promise<void> {
    const archive = await this.parts.archive();
    const token = newPartId('archived');
    await archive.stage(task, token);
    await archive.sync();
    await archive.publish(task, token);
    await this.parts.logs.archive(task.id);
  }

  /** @throws TaskError when the log cannot be read; the next call tries again */
  refresh(): Promise<void> {
    // A running read may have passed the end already, so one more must follow it.
    this.refreshing ??= this.serial.run(() => {
      this.refreshing = undefined;
      return this.readOn().catch(unreadable);
    });
    return this.refreshing;
  }

  async appendLog(taskId: string, entries: readonly TaskLogEntry[], soon = false): Promise<void> {
    if (this.closing !== undefined) throw closed();
    this.requireWritable();
    const { log, logs } = this.parts;
    await logs.append(taskId, entries, { seen: seenOf(log.position), soon }).catch(refused);
    this.counts.changed(taskId);
  }

  syncLog(taskId: string): Promise<void> {
    return this.parts.logs.sync(taskId);
  }

  readLog(taskId: string, range: LogRange): Promise<LogEntryPage> {
    return this.parts.logs.read(taskId, range).catch(unreadable);
  }

  lastLogAt(taskId: string): number | undefined {
    return this.parts.logs.lastAt?.(taskId);
  }

  async countLog(taskId: string): Promise<number> {
    try {
      return await this.counts.of(taskId);
    } catch (error) {
      return unreadable(error);
    }
  }

  watchLogs(on: boolean): Promise<void> {
    return this.parts.logs.watch(on);
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async release(): Promise<void> {
    const { log, snapshots, logs } = this.parts;
    log.stop();
    this.counts.dispose();
    // A mutation may still wait for the code.
    if (this.changes) await this.loadCommitter().catch(() => {});
    await this.committer?.idle();
    const steps: [() => Promise<void>, string][] = [
      [() => snapshots.stop(), 'Manual changes could not be read.'],
      [() => logs.close(), 'Log lines could not be written.'],
      [() => this.archive.idle(), 'The archive could not be tidied.'],
      [() => this.serial.idle(), 'The journal could not be read.'],
      [() => log.idle(), 'The journal could not be compacted.'],
      [() => snapshots.flush(), 'Task files could not be written; the journal has everything.'],
      [() => log.idle(), 'The journal could not be compacted.'],
      [() => this.serial.run(() => log.close()), 'The journal could not be closed.'],
    ];
    for (const [step, failure] of steps) await step().catch((error) => this.options.logger.warn(failure, error));
  }

  private core(): StoreCore {
    return {
      memory: this.memory,
      accepted: (line, foreign) => this.accept(line, foreign),
      verdict: (tx, accepted, at) => this.committer?.verdict(tx, accepted, at),
      refresh: () => this.refresh(),
      mutate: (name, mutation, by) => this.change(name, mutation, by).finally(() => this.deliver()),
      inTurn: (work) => this.serial.run(work),
      settle: (id) => this.archive.settle(id),
      settleAll: () => this.archive.settleAll(),
      compacted: (generation, done) => {
        this.archive.forgetUpTo(generation);
        this.memory.state.forgetRemoved(done);
      },
      logged: (id, entries) => this.listener?.logged(id, entries),
      problem: (text) => this.found.push(text),
    };
  }

  private commitLog(): CommitLog {
    const { log, snapshots } = this.parts;
    const { state } = this.memory;
    return {
      view: () => state,
      position: () => ({ ...log.position, next: state.nextNumber }),
      prepare: () => this.prepare(),
      catchesUp: () => log.catchesUp === true && !this.broken,
      isBegun: () => log.isBegun,
      begin: () => this.serial.run(() => this.begin()),
      append: (lines, reports) => this.append(lines, reports),
      committed: ({ ops }, entries, at, reported) => {
        const fresh = new Set<string>();
        for (const { id, op } of ops) {
          if (op === 'create') fresh.add(id);
          snapshots.touch(id, op === 'create');
          if (state.byId(id) === undefined) this.settle(id);
        }
        for (const { id, entry } of entries) {
          if (reported) this.counts.changed(id);
          else this.write(id, entry, { seen: seenOf(at), change: true, soon: true, fresh: fresh.has(id) });
        }
      },
      now: this.options.now,
    };
  }

  private async commit<T>(name: string, mutation: StoreMutation<T>, by?: string): Promise<T> {
    if (this.closing !== undefined) throw closed();
    this.requireWritable();
    try {
      return await this.change(name, mutation, by);
    } finally {
      this.deliver();
      if (this.closing === undefined) this.parts.log.grown();
    }
  }

  private async change<T>(name: string, mutation: StoreMutation<T>, by?: string): Promise<T> {
    this.changes = true;
    const committer = await this.loadCommitter();
    return committer.mutate(name, mutation, by);
  }

  requireWritable(): void {
    if (this.options.restricted === true) throw restricted();
    if (this.readOnly === undefined) return;
    throw this.unusable
      ? new TaskError('StoreNotWritable', this.readOnly, { next: [operationStep('Check the store', 'doctor')] })
      : newer(this.readOnly);
  }

  private accept(line: TransactionLine, foreign: boolean): void {
    const before = (id: string): TaskRecord | undefined => this.memory.target.byId(id);
    const counted = foreign ? this.foreign.drop(line, before) : line;
    this.archive.note(counted, before);
    this.memory.accept(counted, foreign);
  }

  private async load(): Promise<void> {
    this.broken = true;
    try {
      const {
        readOnly,
        unusable = false,
        problems,
      } = await this.parts.snapshots.load({
        begin: () => {
          this.archive.forget();
          this.foreign.forget();
          return this.memory.begin();
        },
        numbered: (known) => this.memory.numbered(known),
        finish: () => {
          this.archive.noted();
          this.memory.finish(this.listener === undefined ? undefined : (id) => this.archive.isArchived(id));
        },
      });
      this.readOnly = readOnly ?? (this.options.restricted === true ? restricted().message : undefined);
      this.unusable = unusable;
      this.found.splice(0, Number.POSITIVE_INFINITY, ...problems);
      this.broken = false;
    } finally {
      this.memory.end();
    }
  }

  private async afterLoading(first: boolean): Promise<void> {
    const { snapshots } = this.parts;
    await this.archive.keepUnknown();
    if (this.readOnly !== undefined) return;
    await snapshots.tidy();
    // Afterwards, changes wait for the running read.
    if (first) await snapshots.takeIn(true);
    else void snapshots.takeIn(false);
  }

  /** Reads on. If this process fell too far behind, loads everything again. */
  private async readOn(): Promise<void> {
    const { log } = this.parts;
    if (this.broken) return this.reload();
    if (!log.isBegun) {
      if (await log.exists()) await this.reload();
      return;
    }
    this.broken = true;
    const reading = await log.read();
    this.broken = false;
    this.deliver();
    if (reading === 'behind' || reading === 'gone') await this.reload();
  }

  private async reload(): Promise<void> {
    await this.load();
    this.deliver();
    await this.afterLoading(false);
  }

  private async refreshQuietly(): Promise<void> {
    if (this.closing !== undefined) return;
    await this.refresh().catch((error) => {
      if (this.closing === undefined) this.options.logger.warn('The store could not be read again.', error);
    });
  }

  private async prepare(): Promise<void> {
    await this.refresh();
    if (!this.parts.log.isBegun) await this.parts.prepare?.();
  }

  /** Starts the log, unless another process did so at the same time and may have continued since. */
  private async begin(): Promise<void> {
    const { log } = this.parts;
    if (!(await log.begin())) await this.reload();
    if (log.isBegun) return;
    throw new TaskError('StoreNotWritable', 'The journal could not be created.', {
      next: [textStep('Try again.')],
    });
  }

  /** Reading and appending move the same place in the log, so they take turns. */
  private async append(lines: readonly string[], reports: Reports): Promise<Appended> {
    // A process that sees the change also finds the entries that this process logged before it.
    await this.parts.logs.flush();
    return this.serial.run(async () => {
      if (this.broken) throw notWritable(new Error('the store could not be read'));
      this.broken = true;
      const appended = await this.parts.log.append(lines, reports);
      this.broken = appended.gone;
      return appended;
    });
  }

  private settle(id: string): void {
    this.archive.settle(id).catch((error) => this.options.logger.warn('A log could not be removed.', error));
  }

  private write(id: string, entry: TaskLogEntry, origin: LogOrigin): void {
    if (this.view.byId(id) === undefined) return;
    this.parts.logs
      .append(id, [entry], origin)
      .finally(() => this.counts.changed(id))
      .catch((error) => this.options.logger.warn('A log line could not be written.', error));
  }

  private deliver(): void {
    if (this.listener === undefined) return;
    const changes = this.memory.takeChanges();
    if (changes.length > 0) this.listener.changed(changes);
  }
}

function closed(): TaskError {
  return new TaskError('StoreClosed', 'The store is closed.');
}
