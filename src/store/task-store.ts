import { resolve } from 'node:path';
import type { Disposable } from '../core/disposable.ts';
import { TaskError } from '../core/errors.ts';
import { isRecord } from '../core/is-record.ts';
import { type TaskStats, taskStats } from '../core/metrics/stats.ts';
import { onFirstUse } from '../core/on-first-use.ts';
import { plainCopy } from '../core/plain-copy.ts';
import type { CreateTaskParams } from '../core/task/create.ts';
import type { TaskEvents } from '../core/task/events.ts';
import type { TaskFilter } from '../core/task/filter.ts';
import { activeDuration } from '../core/task/lifecycle.ts';
import {
  creationOf,
  type LogLevel,
  type LogMetadata,
  matchesLogFilter,
  type TaskLogEntry,
} from '../core/task/log-entry.ts';
import { resolveTask, type TaskLookup } from '../core/task/reference.ts';
import type { Task, TaskRecord, TaskStatus, TaskSummary } from '../core/task/schema.ts';
import { complete } from '../core/task/session.ts';
import type { UpdateTaskParams } from '../core/task/update.ts';
import { nearestStore } from './discovery.ts';
import { viewOf } from './events.ts';
import type { Draft, Mutation } from './journal/draft.ts';
import type { LogEntryPage } from './logs/range.ts';
import { matcherOf, queryRecords, type RecordPage, type TaskQuery } from './queries/task-query.ts';
import type { LogQuery } from './query-options.ts';
import { type OpenOptions, Store } from './store.ts';
import { Subscriptions } from './subscriptions.ts';

/** A page of a list; `next` and `cursor` lead to the one after it. */
export type TaskPage = Omit<RecordPage, 'records'> & { readonly tasks: TaskSummary[] };

const FULL_LOG = 1_000;

/** The rules of changes, and of options of a query: the tasks that are in memory need neither. */
const changes = onFirstUse(() => import('./task-changes.ts'));
type Rules = Awaited<ReturnType<typeof changes>>;
const queryOptions = onFirstUse(() => import('./query-options.ts'));

/** The API of the specification. Every change is durable when it resolves. */
export class TaskStore extends Store {
  private static readonly instances = new Map<string, TaskStore>();
  private changes = false;
  private readonly subscriptions = new Subscriptions<TaskEvents>((event, listener) => super.on(event, listener));

  /**
   * The store of a folder, one per folder and process; by default the nearest one upwards, as on the command line. It
   * opens when it is first used.
   *
   * @example
   * const tasks = await TaskStore.getInstance().getTasks({ status: 'pending' });
   */
  static getInstance(folder: string = nearestStore(process.cwd()) ?? process.cwd()): TaskStore {
    const key = resolve(folder);
    let store = TaskStore.instances.get(key);
    if (store === undefined) {
      store = new TaskStore({ folder: key });
      TaskStore.instances.set(key, store);
    }
    return store;
  }

  /**
   * Opens the store of a folder. Close it after use.
   *
   * @throws TaskError if the folder cannot be read
   * @example
   * const store = await TaskStore.open({ folder: '/home/ada/shop' });
   * await store.close();
   */
  static async open(options: OpenOptions): Promise<TaskStore> {
    const store = new TaskStore(options);
    await store.ready();
    return store;
  }

  /**
   * Creates a task. It does not run until it is started or the queue plays.
   *
   * @example
   * const task = await store.createTask({ title: 'Fix the login test', tool: 'CLAUDECODE', priority: 'high' });
   */
  async createTask(params: CreateTaskParams): Promise<Task> {
    const id = await this.change('task.create', (draft, { addTask }) => addTask(draft, params).id);
    const task = this.view.byId(id);
    if (task === undefined) throw new TaskError('TaskNotFound', 'The task was deleted as soon as it was made.');
    // Its log is known to be empty, so no missing file is searched for.
    return {
      ...plainCopy(viewOf(task)),
      log_count: 1,
      logs: [{ timestamp: task.created_at, ...creationOf(task) }],
    };
  }

  /**
   * Changes the given fields; null removes a value.
   *
   * @returns null when there is no such task
   * @throws TaskError `RevisionConflict` when it is no longer at `ifRevision`
   * @example
   * await store.updateTask('12', { progress: 50, labels: ['backend'] });
   */
  async updateTask(
    reference: string,
    updates: UpdateTaskParams,
    options: { ifRevision?: number } = {},
  ): Promise<Task | null> {
    return this.changeTask('task.update', reference, (draft, task, { updateIn }) =>
      updateIn(draft, task, updates, options.ifRevision),
    );
  }

  /**
   * Completes a task. Returns null if there is no such task.
   *
   * @example
   * await store.completeTask('12', { testsPass: true });
   */
  async completeTask(reference: string, result?: unknown): Promise<Task | null> {
    return this.changeTask('task.complete', reference, (draft, task) => {
      draft.patch(task.id, complete(task, draft.at, { result }));
    });
  }

  /**
   * Removes a task with its log, also an archived one.
   *
   * @returns false if there is no such task
   * @example
   * const existed: boolean = await store.deleteTask('12');
   */
  async deleteTask(reference: string): Promise<boolean> {
    await this.refresh();
    const archived = this.find(reference) === undefined ? await this.archive.find(reference) : undefined;
    if (archived !== undefined) {
      await this.archive.delete([archived.id]);
      return true;
    }
    const deleted = await this.changeTask('task.delete', reference, (draft, task, { deleteFrom }) =>
      deleteFrom(draft, task),
    );
    await this.repository.archive.idle();
    return deleted !== null;
  }

  /**
   * A task with its latest 1,000 log entries, also an archived one; null if it does not exist.
   *
   * @example
   * const task = await store.getTask('12');
   * console.log(task?.status, task?.logs.length);
   */
  async getTask(reference: string): Promise<Task | null> {
    await this.refresh();
    const task = this.find(reference) ?? (await this.archive.find(reference));
    return task === undefined ? null : this.full(task);
  }

  /**
   * All tasks that match the filter.
   *
   * @example
   * const active = await store.getTasks({ status: ['in_progress', 'paused'], label: 'backend' });
   */
  async getTasks(filter?: TaskFilter): Promise<TaskSummary[]> {
    return (await this.listTasks({ filter })).tasks;
  }

  /** All tasks with a status, without their logs. */
  async getTasksByStatus(status: TaskStatus): Promise<TaskSummary[]> {
    return this.getTasks({ status });
  }

  /** All tasks that are not archived, without their logs. */
  async getAllTasks(): Promise<TaskSummary[]> {
    return this.getTasks();
  }

  /**
   * A page of tasks.
   *
   * @example
   * const { tasks, total, next } = await store.listTasks({ sort: '-priority', limit: 20, page: 2 });
   */
  async listTasks(query: TaskQuery = {}): Promise<TaskPage> {
    const given = copyOfQuery(query);
    return this.counted(await this.pageOf((await queryOptions()).checkedTaskQuery(given)));
  }

  /**
   * The page of a query that the caller has checked: operations check their whole input.
   *
   * @param matches a condition that a query cannot express
   */
  async pageOf(query: TaskQuery, matches?: (task: TaskRecord) => boolean): Promise<RecordPage> {
    await this.refresh();
    if (matches !== undefined) {
      const inQuery = matcherOf(query);
      return queryRecords(
        [...this.view.all()].filter((task) => inQuery(task) && matches(task)),
        query,
      );
    }
    return query.includeArchived === true
      ? queryRecords([...this.view.all(), ...(await this.archive.all())], query)
      : this.query(query);
  }

  /** Copies of the tasks of a page, with the lengths of their logs, which takes a look at every log. */
  async counted({ records, ...rest }: RecordPage): Promise<TaskPage> {
    return { tasks: await Promise.all(records.map((record) => this.summary(record))), ...rest };
  }

  /** A page of archived tasks. */
  async listArchived(query: TaskQuery = {}): Promise<TaskPage> {
    const given = copyOfQuery(query);
    return this.counted(await this.archive.list((await queryOptions()).checkedTaskQuery(given)));
  }

  /**
   * Adds an entry to the log of a task.
   *
   * @example
   * await store.addLog('12', 'Created the middleware', 'info', { fileName: 'auth.js' });
   */
  async addLog(reference: string, message: string, level: LogLevel = 'info', metadata?: LogMetadata): Promise<void> {
    const draft = { message, level, ...(metadata === undefined ? {} : { metadata }) };
    await this.writeLog(() => this.resolve(reference).id, [draft], true);
  }

  /**
   * A page of a log; by default the last 1,000 entries. With a filter, the last 1,000 matches.
   *
   * @example
   * const { entries, next } = await store.getLogs('12', { after: 0, limit: 100 });
   */
  async getLogs(reference: string, query: LogQuery = {}): Promise<LogEntryPage> {
    await this.ready();
    const { filter, ...plain } = (await queryOptions()).checkedLogQuery(query);
    const { id } = this.find(reference) ?? (await this.archive.find(reference)) ?? this.resolve(reference);
    if (filter === undefined) return this.readLog(id, plain);
    const { matchingPage } = await import('./logs/search.ts');
    return matchingPage(
      (part) => this.readLog(id, part),
      plain,
      (entry) => matchesLogFilter(entry, filter),
    );
  }

  /** The latest entries of a task's log, oldest first. @throws TaskError `TaskNotFound` */
  async getTaskLogs(reference: string): Promise<TaskLogEntry[]> {
    return (await this.getLogs(reference)).entries;
  }

  /**
   * Counts and durations of all tasks, archived ones included.
   *
   * @example
   * const { total, averageDuration } = await store.getMetrics();
   */
  async getMetrics(): Promise<TaskStats> {
    await this.refresh();
    return taskStats([...this.view.all(), ...(await this.archive.all())], Date.now());
  }

  /** The whole state as the specification's server gave it: all tasks, and when it was asked. */
  async getState(): Promise<{ tasks: TaskSummary[]; metrics: TaskStats; last_saved: string }> {
    return { tasks: await this.getAllTasks(), metrics: await this.getMetrics(), last_saved: new Date().toISOString() };
  }

  /** Milliseconds that a task has worked so far, the running stretch included; null when there is no such task. */
  async updateElapsedTime(reference: string): Promise<number | null> {
    await this.refresh();
    const task = this.find(reference);
    return task === undefined ? null : activeDuration(task, Date.now());
  }

  /**
   * Calls a listener for each event, also for changes of other processes, until the registration is disposed.
   *
   * @example
   * store.on('task:completed', ({ task }) => console.log(`#${task.number} is done`));
   */
  override on<K extends keyof TaskEvents>(event: K, listener: (payload: TaskEvents[K]) => void): Disposable {
    return this.subscriptions.on(event, listener);
  }

  /** Calls a listener for the next event of this kind only. */
  once<K extends keyof TaskEvents>(event: K, listener: (payload: TaskEvents[K]) => void): Disposable {
    return this.subscriptions.once(event, listener);
  }

  /** Ends the latest registration of a listener. */
  off<K extends keyof TaskEvents>(event: K, listener: (payload: TaskEvents[K]) => void): void {
    this.subscriptions.off(event, listener);
  }

  /** Writes pending data and releases the store. `getInstance` opens it again afterwards. */
  override async close(): Promise<void> {
    if (TaskStore.instances.get(this.folder) === this) TaskStore.instances.delete(this.folder);
    // Changes that were asked for before are made: they may still wait for the rules.
    if (this.changes) await changes().catch(() => {});
    await super.close();
  }

  private find(reference: string, tasks: TaskLookup = this.view): TaskRecord | undefined {
    try {
      return resolveTask(reference, tasks);
    } catch (error) {
      if (TaskError.is(error, 'TaskNotFound')) return undefined;
      throw error;
    }
  }

  /** Waits for the rules like every change of this store, so that changes are made in the order of their calls. */
  override transact<T>(name: string, mutation: Mutation<T>, by?: string): Promise<T> {
    return this.change(name, mutation, by);
  }

  private async change<T>(name: string, change: (draft: Draft, rules: Rules) => T, by?: string): Promise<T> {
    this.changes = true;
    const rules = await changes();
    return super.transact(name, (draft) => change(draft, rules), by);
  }

  private async changeTask(
    name: string,
    reference: string,
    change: (draft: Draft, task: TaskRecord, rules: Rules) => void,
  ): Promise<Task | null> {
    await this.refresh();
    if (this.find(reference) === undefined) {
      await this.archive.refuse(reference);
      return null;
    }
    const changed = await this.change(name, (draft, rules) => {
      const task = this.find(reference, draft);
      if (task === undefined) return undefined;
      change(draft, task, rules);
      // The state after this change: another change may follow before the caller gets the answer.
      return draft.byId(task.id) ?? task;
    });
    return changed === undefined ? null : this.answer(changed);
  }

  /** After a change: an unreadable log must not make the completed change look failed. */
  private answer(task: TaskRecord): Promise<Task> {
    return this.full(task).catch(() => ({ ...plainCopy(viewOf(task)), log_count: 0, logs: [] }));
  }

  private async summary(task: TaskRecord): Promise<TaskSummary> {
    // A copy, so that a caller cannot change the record in memory.
    return { ...plainCopy(viewOf(task)), log_count: await this.repository.countLog(task.id) };
  }

  private async full(task: TaskRecord): Promise<Task> {
    const { entries } = await this.readLog(task.id, { limit: FULL_LOG });
    return { ...(await this.summary(task)), logs: entries };
  }
}

/** The caller may change its query while the code that checks it loads. */
function copyOfQuery(query: TaskQuery): TaskQuery {
  if (!isRecord(query)) return query;
  return isRecord(query.filter) ? { ...query, filter: { ...query.filter } } : { ...query };
}
