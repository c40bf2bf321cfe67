import type { TaskLogEntry } from '../core/task/log-entry.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { Mutation } from './journal/draft.ts';
import type { StateChange } from './journal/state.ts';
import type { StoreView, VersionedView } from './journal/view.ts';
import type { LogEntryPage, LogRange } from './logs/range.ts';
import type { Maintenance } from './maintenance.ts';
import type { ArchivedName, Coordination, Origin } from './ports.ts';

/** The events of a repository for its store, in the order of the changes; also the changes of other processes. */
export interface RepositoryListener {
  changed(changes: readonly StateChange[]): void;
  /** Lines that were added to logs; only while `watchLogs` is on. */
  logged(taskId: string, entries: readonly TaskLogEntry[]): void;
}

/**
 * The storage of tasks. The file repository is the embedded default; a shared database can stand in for it. The same
 * contract test runs on every implementation.
 */
export interface Repository {
  /** Reads the stored tasks. Creates nothing. */
  open(listener: RepositoryListener): Promise<void>;
  readonly view: VersionedView;
  /** Why the store is read-only, or undefined. */
  readonly readOnly: string | undefined;
  /** @throws TaskError with the reason if the store is read-only */
  requireWritable(): void;
  /** The problems of the reading, for display to a person. */
  readonly problems: readonly string[];
  /**
   * Runs a mutation and commits its changes. When this resolves, the change survives a crash of the process and of the
   * machine, and `view` contains it. The mutation runs again if another process was first. `by` names the person, for
   * the records of the tasks.
   */
  mutate<T>(name: string, mutation: Mutation<T>, by?: string): Promise<T>;
  /** Applies commits of other processes so far. */
  refresh(): Promise<void>;
  /** Resolves when the entries are kept. `soon`: the caller waits for just these, so they are not batched for long. */
  appendLog(taskId: string, entries: readonly TaskLogEntry[], soon?: boolean): Promise<void>;
  /** Resolves when all entries that were appended to the log survive a power cut, or could not be kept. */
  syncLog(taskId: string): Promise<void>;
  readonly archive: TaskArchive;
  readonly coordination: Coordination;
  /** Missing for a store elsewhere. */
  readonly maintenance?: Maintenance | undefined;
  readLog(taskId: string, range: LogRange): Promise<LogEntryPage>;
  countLog(taskId: string): Promise<number>;
  /** Milliseconds since 1970 of the latest line of a log; undefined if only a query returns it. */
  lastLogAt(taskId: string): number | undefined;
  /**
   * Starts or stops notifying the listener of added log lines. Resolves when it will be notified of all that are added
   * later.
   */
  watchLogs(on: boolean): Promise<void>;
  readonly origin: Origin;
  /** Signs all existing content: later content from elsewhere is foreign. */
  vouch(): Promise<void>;
  /** Writes pending data and releases everything. */
  close(): Promise<void>;
}

/** Tasks that were taken out of memory. They keep their number, id and log, and can be restored. */
export interface TaskArchive {
  /**
   * Archives the tasks that `pick` returns, all of them or none. Calls `pick` again if another process changed one of
   * them in the meantime. `pick` throws to refuse.
   *
   * @returns the archived tasks
   */
  add(pick: (view: StoreView) => readonly TaskRecord[]): Promise<TaskRecord[]>;
  /** Restores tasks, all of them or none. @throws TaskError `TaskNotFound` for one that is not archived */
  restore(names: readonly ArchivedName[]): Promise<TaskRecord[]>;
  /** Removes archived tasks with their logs. */
  delete(ids: readonly string[]): Promise<void>;
  /** Resolves when the files of all tasks that left memory are removed or moved. */
  idle(): Promise<void>;
  /** By number. */
  names(): Promise<ArchivedName[]>;
  /** @returns undefined if it is not archived or cannot be understood */
  read(name: ArchivedName): Promise<TaskRecord | undefined>;
}
