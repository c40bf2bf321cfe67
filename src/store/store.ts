import { resolve } from 'node:path';
import { deepFreeze } from '../core/deep-freeze.ts';
import type { Disposable } from '../core/disposable.ts';
import { Emitter } from '../core/emitter.ts';
import { TaskError } from '../core/errors.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import type { TaskEvents } from '../core/task/events.ts';
import { isTaskId } from '../core/task/id.ts';
import { type LogDraft, newLogEntry, type TaskLogEntry } from '../core/task/log-entry.ts';
import { resolveTask } from '../core/task/reference.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { visible } from '../core/text/visible.ts';
import { ArchivedTasks } from './archived-tasks.ts';
import { emitChange, frozenView } from './events.ts';
import { FileRepository } from './file/file-repository.ts';
import type { Mutation } from './journal/draft.ts';
import type { StoreView } from './journal/view.ts';
import { checkListener } from './listener.ts';
import { checkedLogDraft } from './logs/draft.ts';
import { LogFollow } from './logs/follow.ts';
import type { LogLimits } from './logs/limits.ts';
import type { LogEntryPage, LogRange } from './logs/range.ts';
import type { Maintenance } from './maintenance.ts';
import type { Coordination, Origin } from './ports.ts';
import { QueryCache } from './queries/query-cache.ts';
import type { RecordPage, TaskQuery } from './queries/task-query.ts';
import type { Repository } from './repository.ts';

export interface OpenOptions {
  /** The folder whose tasks these are; their state is in its `.systemprompt/state`. */
  readonly folder: string;
  readonly logger?: Logger | undefined;
  /** Whether the store notices changes of other processes on its own. Default: true. */
  readonly watch?: boolean | undefined;
  /** Limits on the size of a log, and of its uncompressed part. */
  readonly logLimits?: LogLimits | undefined;
  /** Called when the store is created, before its first task is kept. */
  readonly onMade?: (() => Promise<void>) | undefined;
  /** True for an untrusted folder: its files are read, and never written. Default: false. */
  readonly restricted?: boolean | undefined;
  /** Name of the person, worker or program that changes tasks through this store, for their records. */
  readonly actor?: string | undefined;
  /** The repository of the tasks. Default: files in the folder. */
  readonly repository?: Repository | undefined;
}

/**
 * The open tasks of a folder: a view in memory, transactions, logs, events. `TaskStore` is the API of the specification
 * on top of it.
 */
export class Store {
  readonly folder: string;
  /** Tasks that are no longer in memory. */
  readonly archive: ArchivedTasks;
  protected readonly repository: Repository;
  private readonly queries: QueryCache;
  private readonly emitter: Emitter<TaskEvents>;
  private opening: Promise<void> | undefined;
  private readonly actor: string | undefined;
  private logListeners = 0;
  private readonly logger: Logger;

  protected constructor(options: OpenOptions) {
    const logger = options.logger ?? silentLogger;
    this.logger = logger;
    this.folder = resolve(options.folder);
    this.actor = options.actor;
    this.emitter = new Emitter((error, event, payload) => {
      logger.error(`A listener of ${event} failed.`, error);
      this.noteFailure(error, event, payload);
    });
    this.repository =
      options.repository ??
      new FileRepository({ ...options, folder: this.folder, logger, watch: options.watch ?? true });
    this.queries = new QueryCache(this.repository.view);
    this.archive = new ArchivedTasks(this.repository);
  }

  /** Opens the store once. Every method that returns a promise waits for it. */
  ready(): Promise<void> {
    this.opening ??= this.load();
    return this.opening;
  }

  /** Tasks in memory, readable without waiting; empty before the store is ready. */
  get view(): StoreView {
    return this.repository.view;
  }

  /** Why the store is read-only, or undefined. */
  get readOnly(): string | undefined {
    return this.repository.readOnly;
  }

  /** @throws TaskError `StoreNewer`, `StoreNotWritable` or `Untrusted` if the store is read-only */
  requireWritable(): void {
    this.repository.requireWritable();
  }

  /** The files that could not be read when the store was opened; they are in quarantine. */
  get problems(): readonly string[] {
    return this.repository.problems;
  }

  /** Maintains the files on this machine's disk; undefined for a store elsewhere. */
  get maintenance(): Maintenance | undefined {
    return this.repository.maintenance;
  }

  /** The state by which processes that work on this folder find and respect each other. */
  get coordination(): Coordination {
    return this.repository.coordination;
  }

  /** Whether the store can distinguish its own content from foreign content. */
  get origin(): Origin {
    return this.repository.origin;
  }

  /** Takes everything that is in the folder for the store's own, after a person or an earlier version did. */
  vouch(): Promise<void> {
    return this.repository.vouch();
  }

  /**
   * The record of a task by number, full id or exact title. It is frozen. A title of several tasks means the one in the
   * project, if one is given.
   *
   * @throws TaskError `TaskNotFound` or `AmbiguousTask`
   * @example
   * const { number, status } = store.resolve('Fix the login test');
   */
  resolve(reference: string, project?: string): TaskRecord {
    return deepFreeze(resolveTask(reference, this.view, project));
  }

  /**
   * Changes any number of tasks, all or none. The function runs again if another process changed them first.
   *
   * @example
   * await store.transact('raise', (draft) => {
   *   for (const reference of ['3', '4']) draft.patch(draft.require(reference).id, { priority: 'high' });
   * });
   */
  async transact<T>(name: string, mutation: Mutation<T>, by = this.actor): Promise<T> {
    await this.ready();
    return this.repository.mutate(name, mutation, by);
  }

  /**
   * Resolves when the entries are in the log; waiting for it bounds memory when there are many.
   *
   * @throws TaskError `InvalidInput` for an id, level, type or metadata that no log can have, `TaskNotFound`
   */
  async appendLog(id: string, drafts: readonly LogDraft[]): Promise<void> {
    await this.writeLog(() => id, drafts, false);
  }

  /**
   * Writes entries to the log of a task that is known when the store is ready. `soon`: the caller waits for just these
   * entries, so they are not batched for long.
   */
  protected async writeLog(idOf: () => string, drafts: readonly LogDraft[], soon: boolean): Promise<void> {
    // Before the first await, because the caller may change the drafts afterwards.
    const timestamp = new Date().toISOString();
    const entries = drafts.map((draft) => newLogEntry(checkedLogDraft(draft), timestamp));
    await this.ready();
    const id = idOf();
    if (!isTaskId(id)) throw new TaskError('InvalidInput', `"${visible(String(id))}" is not the id of a task.`);
    if (this.view.byId(id) === undefined) await this.requireTask(id);
    await this.repository.appendLog(id, entries, soon);
  }

  /** Syncs a log to disk now. Otherwise, the store does so every few seconds and when it is closed. */
  async syncLog(id: string): Promise<void> {
    await this.ready();
    await this.repository.syncLog(id);
  }

  /** Milliseconds since 1970 of the latest log line of a task; undefined if only a query of the store returns it. */
  lastLogAt(id: string): number | undefined {
    return this.repository.lastLogAt(id);
  }

  /** Calls back with entries after a position of the log, in order, also those of other processes. */
  followLog(id: string, from: number | 'end', listener: (entries: TaskLogEntry[], next: number) => void): Disposable {
    const follow = new LogFollow((range) => this.readLog(id, range), from, listener);
    const { registration, watching } = this.onLog(({ taskId }) => {
      if (taskId === id) follow.poke();
    });
    follow.poke();
    // Entries that were added between that read and the start of the watch are not reported.
    void watching.then(() => follow.poke());
    return {
      dispose: () => {
        registration.dispose();
        follow.dispose();
      },
    };
  }

  /** @throws TaskError `InvalidInput` for an unknown event, with the closest known one */
  on<K extends keyof TaskEvents>(event: K, listener: (payload: TaskEvents[K]) => void): Disposable {
    checkListener(event, listener);
    if (event !== 'task:log:added') return this.emitter.on(event, listener);
    const own = listener as (payload: TaskEvents['task:log:added']) => void;
    return this.onLog((payload) => own(structuredClone(payload))).registration;
  }

  /** `watching` resolves when all entries that are added later will be reported. */
  private onLog(listener: (payload: TaskEvents['task:log:added']) => void): {
    readonly registration: Disposable;
    readonly watching: Promise<void>;
  } {
    const listening = this.emitter.on('task:log:added', listener);
    const watching = this.watchLogs(1);
    let disposed = false;
    const dispose = (): void => {
      listening.dispose();
      if (!disposed) void this.watchLogs(-1);
      disposed = true;
    };
    return { registration: { dispose }, watching };
  }

  /** Reads the commits of other processes so far. Only needed if the store does not watch. */
  async refresh(): Promise<void> {
    await this.ready();
    await this.repository.refresh();
  }

  /** Writes pending data and releases the store. Later changes are refused with `StoreClosed`. */
  async close(): Promise<void> {
    await this.opening?.catch(() => {});
    await this.repository.close();
    this.emitter.dispose();
  }

  protected readLog(id: string, range: LogRange): Promise<LogEntryPage> {
    return this.repository.readLog(id, range);
  }

  /** Remembers lists until a task in them changes. */
  protected query(query: TaskQuery): RecordPage {
    return this.queries.query(query);
  }

  /** Also finds archived tasks and those that another process has just created. */
  private async requireTask(id: string): Promise<void> {
    await this.repository.refresh();
    if (this.view.byId(id) !== undefined || (await this.archive.find(id)) !== undefined) return;
    this.resolve(id);
  }

  /** Writes the error of a listener to the log of its task. A listener of log entries would be called again for it. */
  private noteFailure(error: unknown, event: keyof TaskEvents, payload: TaskEvents[keyof TaskEvents]): void {
    const taskId = 'taskId' in payload ? payload.taskId : payload.task.id;
    if (event === 'task:log:added' || this.readOnly !== undefined || this.view.byId(taskId) === undefined) return;
    const message = `A listener of ${event} failed: ${error instanceof Error ? error.message : String(error)}`;
    const draft: LogDraft = { level: 'error', message, metadata: { source: 'listener', error } };
    this.appendLog(taskId, [draft]).catch(() => {});
  }

  private async watchLogs(change: 1 | -1): Promise<void> {
    this.logListeners += change;
    try {
      await this.repository.watchLogs(this.logListeners > 0);
    } catch (error) {
      this.logger.warn('The logs cannot be watched; new entries may be reported late.', error);
    }
  }

  private async load(): Promise<void> {
    await this.repository.open({
      changed: (changes) => {
        for (const change of changes) emitChange(this.emitter, change);
      },
      logged: (taskId, entries) => {
        if (!this.emitter.has('task:log:added')) return;
        for (const entry of entries) this.emitter.emit('task:log:added', { taskId, entry });
      },
    });
    if (!this.emitter.has('task:loaded')) return;
    for (const task of this.view.all()) this.emitter.emit('task:loaded', { task: frozenView(task) });
  }
}
