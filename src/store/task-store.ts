import { resolve } from 'node:path';
import type { Disposable } from '../core/disposable.ts';
import { Emitter } from '../core/emitter.ts';
import { TaskError } from '../core/errors.ts';
import { checkDependencies, checkParent } from '../core/graph/dependencies.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import { type TaskStats, taskStats } from '../core/metrics/stats.ts';
import { type CreateTaskParams, creationOf, parseInput } from '../core/task/create.ts';
import type { TaskEvents } from '../core/task/events.ts';
import { type TaskFilter, taskFilterSchema } from '../core/task/filter.ts';
import { activeDuration } from '../core/task/lifecycle.ts';
import {
  type LogDraft,
  type LogFilterWord,
  type LogLevel,
  type LogMetadata,
  matchesLogFilter,
  newLogEntry,
  type TaskLogEntry,
} from '../core/task/log-entry.ts';
import { resolveTask, type TaskLookup } from '../core/task/reference.ts';
import { checkRevision } from '../core/task/revision.ts';
import type { Task, TaskRecord, TaskStatus, TaskSummary } from '../core/task/schema.ts';
import { complete } from '../core/task/session.ts';
import { applyUpdate, type UpdateTaskParams } from '../core/task/update.ts';
import { ArchivedTasks } from './archived-tasks.ts';
import { emitChange, viewOf } from './events.ts';
import { FileRepository } from './file/file-repository.ts';
import type { Draft, Mutation } from './journal/draft.ts';
import type { StoreView } from './journal/view.ts';
import { LogFollow } from './logs/follow.ts';
import type { LogLimits } from './logs/limits.ts';
import type { LogEntryPage, LogRange } from './logs/range.ts';
import { matchingPage } from './logs/search.ts';
import type { Maintenance } from './maintenance.ts';
import type { Coordination } from './ports.ts';
import { QueryCache } from './queries/query-cache.ts';
import type { RecordPage, TaskQuery } from './queries/task-query.ts';
import type { Repository } from './repository.ts';
import { addTask, deleteFrom } from './task-changes.ts';

export interface OpenOptions {
  /** The workspace folder; the state is in its `.systemprompt/state`. */
  readonly folder: string;
  readonly logger?: Logger | undefined;
  /** Whether changes of other processes are noticed by themselves. On if nothing is said. */
  readonly watch?: boolean | undefined;
  /** How much of a log is kept plain; the rest is compressed. */
  readonly logLimits?: LogLimits | undefined;
  /** Called when a store is made where there was none, before its first task is kept. */
  readonly onMade?: (() => Promise<void>) | undefined;
  /** Another place to keep tasks in than files. */
  readonly repository?: Repository | undefined;
}

/** A page of a list; `next` and `cursor` lead to the one after it. */
export type TaskPage = Omit<RecordPage, 'records'> & { readonly tasks: TaskSummary[] };

const FULL_LOG = 1_000;

/** All tasks of a folder: state, log and life. The API of the specification; every change is durable when it resolves. */
export class TaskStore {
  readonly folder: string;
  private static readonly instances = new Map<string, TaskStore>();
  /** Tasks that are not in memory any more. */
  readonly archive: ArchivedTasks;
  private readonly repository: Repository;
  private readonly queries: QueryCache;
  private readonly emitter: Emitter<TaskEvents>;
  private opening: Promise<void> | undefined;
  private logListeners = 0;

  private constructor(options: OpenOptions) {
    const logger = options.logger ?? silentLogger;
    this.folder = resolve(options.folder);
    this.emitter = new Emitter((error) => logger.error('A listener of the store failed.', error));
    this.repository =
      options.repository ??
      new FileRepository({ ...options, folder: this.folder, logger, watch: options.watch ?? true });
    this.queries = new QueryCache(this.repository.view);
    this.archive = new ArchivedTasks(this.repository);
  }

  /** The store of a folder, one per folder and process. It opens by itself when it is first used. */
  static getInstance(folder: string = process.cwd()): TaskStore {
    const key = resolve(folder);
    let store = TaskStore.instances.get(key);
    if (store === undefined) {
      store = new TaskStore({ folder: key });
      TaskStore.instances.set(key, store);
    }
    return store;
  }

  /** @throws TaskError when the folder cannot be read */
  static async open(options: OpenOptions): Promise<TaskStore> {
    const store = new TaskStore(options);
    await store.ready();
    return store;
  }

  ready(): Promise<void> {
    this.opening ??= this.load();
    return this.opening;
  }

  /** How processes that work on this folder find and respect each other. */
  get coordination(): Coordination {
    return this.repository.coordination;
  }

  /** What is in memory, to be read without waiting; empty before the store is ready. */
  get view(): StoreView {
    return this.repository.view;
  }

  /** Why nothing can be changed, or undefined. */
  get readOnly(): string | undefined {
    return this.repository.readOnly;
  }

  /** What could not be understood when the store was opened; it is in quarantine. */
  get problems(): readonly string[] {
    return this.repository.problems;
  }

  /** For looking after what is kept on this machine's disk; undefined for a store elsewhere. */
  get maintenance(): Maintenance | undefined {
    return this.repository.maintenance;
  }

  /** @throws TaskError `TaskNotFound` or `AmbiguousTask` */
  resolve(reference: string): TaskRecord {
    return resolveTask(reference, this.view);
  }

  async createTask(params: CreateTaskParams): Promise<Task> {
    const id = await this.transact('task.create', (draft) => addTask(draft, params).id);
    const task = this.view.byId(id);
    if (task === undefined) throw new TaskError('TaskNotFound', 'The task was deleted as soon as it was made.');
    // Its log is known: it is not looked for in a file that is not there yet.
    return {
      ...structuredClone(viewOf(task)),
      log_count: 1,
      logs: [{ timestamp: task.created_at, ...creationOf(task) }],
    };
  }

  /** @returns null when there is no such task. @throws TaskError `RevisionConflict` when it is not at `ifRevision` any more */
  async updateTask(
    reference: string,
    updates: UpdateTaskParams,
    options: { ifRevision?: number } = {},
  ): Promise<Task | null> {
    return this.changeTask('task.update', reference, (draft, task) => {
      checkRevision(task, options.ifRevision);
      const patch = applyUpdate(task, updates, draft.at);
      if (patch.depends_on !== undefined || patch.parent_id !== undefined) {
        draft.guardGraph();
        checkDependencies(task, patch.depends_on ?? [], (id) => draft.dependency(id));
        if (patch.parent_id !== undefined) checkParent(task, patch.parent_id, (id) => draft.byId(id));
      }
      draft.patch(task.id, patch);
    });
  }

  async completeTask(reference: string, result?: unknown): Promise<Task | null> {
    return this.changeTask('task.complete', reference, (draft, task) => {
      draft.patch(task.id, complete(task, draft.at, { result }));
    });
  }

  /** Removes a task, its log and everything of it. @returns false when there is no such task */
  async deleteTask(reference: string): Promise<boolean> {
    const deleted = await this.changeTask('task.delete', reference, (draft, task) => deleteFrom(draft, task));
    return deleted !== null;
  }

  /** With its latest 1,000 log entries; also of an archived task. */
  async getTask(reference: string): Promise<Task | null> {
    await this.fresh();
    const task = this.find(reference) ?? (await this.archive.find(reference));
    return task === undefined ? null : this.full(task);
  }

  async getTasks(filter?: TaskFilter): Promise<TaskSummary[]> {
    return (await this.listTasks({ filter })).tasks;
  }

  async getTasksByStatus(status: TaskStatus): Promise<TaskSummary[]> {
    return this.getTasks({ status });
  }

  async getAllTasks(): Promise<TaskSummary[]> {
    return this.getTasks();
  }

  async listTasks(query: TaskQuery = {}): Promise<TaskPage> {
    await this.fresh();
    return this.page(query, (checked) => this.queries.query(checked));
  }

  /** The same of archived tasks. */
  listArchived(query: TaskQuery = {}): Promise<TaskPage> {
    return this.page(query, (checked) => this.archive.list(checked));
  }

  async addLog(reference: string, message: string, level: LogLevel = 'info', metadata?: LogMetadata): Promise<void> {
    await this.ready();
    await this.appendLog(this.resolve(reference).id, [
      { message, level, ...(metadata === undefined ? {} : { metadata }) },
    ]);
  }

  /** Resolves when the entries are in the log file; waiting for it bounds memory when there are many. */
  async appendLog(id: string, drafts: readonly LogDraft[]): Promise<void> {
    const timestamp = new Date().toISOString();
    await this.repository.appendLog(
      id,
      drafts.map((draft) => newLogEntry(draft, timestamp)),
    );
  }

  /** A page of a log; the last 1,000 entries if nothing is said. With a filter, as many of those that match. */
  async getLogs(
    reference: string,
    range: LogRange & { filter?: LogFilterWord | undefined } = {},
  ): Promise<LogEntryPage> {
    await this.ready();
    const { id } = this.find(reference) ?? (await this.archive.require(reference));
    const { filter, ...plain } = range;
    return filter === undefined
      ? this.repository.readLog(id, plain)
      : matchingPage(
          (part) => this.repository.readLog(id, part),
          plain,
          (entry) => matchesLogFilter(entry, filter),
        );
  }

  async getTaskLogs(reference: string): Promise<TaskLogEntry[]> {
    return (await this.getLogs(reference)).entries;
  }

  /** Tells of lines that come after a position of the log, in order, also those of other processes. */
  followLog(id: string, from: number | 'end', listener: (entries: TaskLogEntry[], next: number) => void): Disposable {
    const follow = new LogFollow((range) => this.repository.readLog(id, range), from, listener);
    const added = this.on('task:log:added', ({ taskId }) => {
      if (taskId === id) follow.poke();
    });
    follow.poke();
    return {
      dispose: () => {
        added.dispose();
        follow.dispose();
      },
    };
  }

  async getMetrics(): Promise<TaskStats> {
    await this.fresh();
    return taskStats(this.view.all(), Date.now());
  }

  /** The whole state as the specification's server gave it: all tasks, and when it was asked. */
  async getState(): Promise<{ tasks: TaskSummary[]; metrics: TaskStats; last_saved: string }> {
    return { tasks: await this.getAllTasks(), metrics: await this.getMetrics(), last_saved: new Date().toISOString() };
  }

  /** Milliseconds that a task has worked so far, the running stretch included; null when there is no such task. */
  async updateElapsedTime(reference: string): Promise<number | null> {
    await this.fresh();
    const task = this.find(reference);
    return task === undefined ? null : activeDuration(task, Date.now());
  }

  /** Runs a change of any number of tasks: as a whole or not at all, again when another process was first. */
  async transact<T>(name: string, mutation: Mutation<T>): Promise<T> {
    await this.ready();
    return this.repository.mutate(name, mutation);
  }

  on<K extends keyof TaskEvents>(event: K, listener: (payload: TaskEvents[K]) => void): Disposable {
    const registration = this.emitter.on(event, listener);
    if (event !== 'task:log:added') return registration;
    this.watchLogs(1);
    let disposed = false;
    return {
      dispose: () => {
        registration.dispose();
        if (!disposed) this.watchLogs(-1);
        disposed = true;
      },
    };
  }

  /** Takes in what other processes have committed so far. Only needed where the store does not watch. */
  async refresh(): Promise<void> {
    await this.fresh();
  }

  async close(): Promise<void> {
    if (TaskStore.instances.get(this.folder) === this) TaskStore.instances.delete(this.folder);
    await this.opening?.catch(() => {});
    await this.repository.close();
    this.emitter.dispose();
  }

  private async load(): Promise<void> {
    await this.repository.open({
      changed: (changes) => {
        for (const change of changes) emitChange(this.emitter, change);
      },
      logged: (taskId, entries) => {
        for (const entry of entries) this.emitter.emit('task:log:added', { taskId, entry });
      },
    });
    if (!this.emitter.has('task:loaded')) return;
    for (const task of this.view.all()) this.emitter.emit('task:loaded', { task: viewOf(task) });
  }

  private async fresh(): Promise<void> {
    await this.ready();
    await this.repository.refresh();
  }

  private async page(
    query: TaskQuery,
    find: (query: TaskQuery) => RecordPage | Promise<RecordPage>,
  ): Promise<TaskPage> {
    const filter = query.filter === undefined ? undefined : parseInput(taskFilterSchema, query.filter);
    const { records, ...rest } = await find({ ...query, filter });
    return { tasks: await Promise.all(records.map((record) => this.summary(record))), ...rest };
  }

  private watchLogs(change: 1 | -1): void {
    this.logListeners += change;
    this.repository.watchLogs(this.logListeners > 0);
  }

  private find(reference: string, tasks: TaskLookup = this.view): TaskRecord | undefined {
    try {
      return resolveTask(reference, tasks);
    } catch (error) {
      if (TaskError.is(error, 'TaskNotFound')) return undefined;
      throw error;
    }
  }

  private async changeTask(
    name: string,
    reference: string,
    change: (draft: Draft, task: TaskRecord) => void,
  ): Promise<Task | null> {
    await this.fresh();
    if (this.find(reference) === undefined) return null;
    const before = await this.transact(name, (draft) => {
      const task = this.find(reference, draft);
      if (task !== undefined) change(draft, task);
      return task;
    });
    return before === undefined ? null : this.answer(this.view.byId(before.id) ?? before);
  }

  /** After a change: it is made, so that a log that cannot be read now must not make it look as if it were not. */
  private answer(task: TaskRecord): Promise<Task> {
    return this.full(task).catch(() => ({ ...structuredClone(viewOf(task)), log_count: 0, logs: [] }));
  }

  private async summary(task: TaskRecord): Promise<TaskSummary> {
    // A copy: what a caller does with it must not change what is in memory.
    return { ...structuredClone(viewOf(task)), log_count: await this.repository.countLog(task.id) };
  }

  private async full(task: TaskRecord): Promise<Task> {
    const { entries } = await this.repository.readLog(task.id, { limit: FULL_LOG });
    return { ...(await this.summary(task)), logs: entries };
  }
}
