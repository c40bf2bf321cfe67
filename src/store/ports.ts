import type { Disposable } from '../core/disposable.ts';
import type { TaskLogEntry } from '../core/task/log-entry.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { LogEntryPage, LogRange } from './logs/range.ts';

/** The position that a writer had read when it decided a change: a segment of the log and the position in it. */
export interface LogPosition {
  readonly gen: number;
  readonly after: number;
}

/** The result of an append. */
export interface Appended {
  /** Lines that count survive a power cut. */
  readonly durable: boolean;
  readonly failure: unknown;
  /** The log was moved or removed: the lines are not in the store, regardless of the verdicts. */
  readonly gone: boolean;
  /** The entries that report the lines are in the logs. Missing: no. */
  readonly reported?: boolean;
}

/** Log entries that report lines, for a store that can write both at once. */
export interface Reports {
  readonly entries: readonly { readonly id: string; readonly entry: TaskLogEntry }[];
  /** The tasks that the lines change. */
  readonly changed: ReadonlySet<string>;
  /** In the generation of their writer, no change of another process conflicts with the lines. */
  readonly free: boolean;
  /** The position that the lines were decided at; lines of other processes may have been read since. */
  readonly decided: LogPosition;
}

/**
 * `behind`: other processes continued and removed the segments in between. `gone`: the log was moved, removed or
 * truncated. Both require a new load. `ended`: the segment has ended, and the next one cannot be created.
 */
export type Reading = 'whole' | 'behind' | 'gone' | 'ended';

/**
 * The changes of a store as lines in one order for all processes. An implementation passes every line with its position
 * to a `Judge`, in order, and never decides itself which lines count.
 */
export interface ChangeLog {
  /** Whether this process has found or started the log. */
  readonly isBegun: boolean;
  /** True if an append reads the changes of other processes as well, in the same round trip. */
  readonly catchesUp?: boolean;
  readonly position: LogPosition;
  /** Whether another process has started the log. */
  exists(): Promise<boolean>;
  /**
   * Starts the log, for the first change of a store. @returns false if another process did, which requires a new load
   */
  begin(): Promise<boolean>;
  /**
   * Appends lines as one piece and makes them durable, then reads on to where they are: their verdicts are known when
   * it resolves, also when the disk refused them.
   *
   * @param reports entries that an implementation may add in the same step; `reported` is true if it did
   */
  append(lines: readonly string[], reports: Reports): Promise<Appended>;
  /** Reads the lines appended since the last read, by any process. */
  read(): Promise<Reading>;
  /** This process has appended: the log may have grown so much that it has to be compacted. */
  grown(): void;
  /** Calls back soon after another process may have appended. */
  watch(changed: () => void): void;
  /** Stops watching and compacting on its own. */
  stop(): void;
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whether a store can distinguish its own content from foreign content: `signed` if it can, `unsigned` if an earlier
 * version wrote it, `lost` if the key of its signatures is missing.
 */
export type Origin = 'signed' | 'unsigned' | 'lost';

/** Records that are being loaded. */
export interface LoadedRecords {
  nextNumber: number;
  load(task: TaskRecord): void;
  unload(task: TaskRecord): void;
  byId(id: string): TaskRecord | undefined;
  byNumber(number: number): TaskRecord | undefined;
  isRemoved(id: string): boolean;
}

/** The receiver of the records of a loading. */
export interface LoadTarget {
  /** Starts over with no records. */
  begin(): LoadedRecords;
  /** @param known whether the number of the next task is known, or has to come from the first line */
  numbered(known: boolean): void;
  /** All is read: the view changes now. */
  finish(): void;
}

export interface Loaded {
  /** Why the store is read-only, or undefined. */
  readonly readOnly: string | undefined;
  /** True if the reason is a folder that cannot be used, and not a newer version. */
  readonly unusable?: boolean | undefined;
  /** The problems of the loading, for display to a person. */
  readonly problems: readonly string[];
}

/** One record per task besides the log, so that the log can be compacted. */
export interface Snapshots {
  /** Loads all records and reads the change log from where they end. */
  load(target: LoadTarget): Promise<Loaded>;
  /** Completes work that a crash interrupted, as found while loading. Failures are logged. */
  tidy(): Promise<void>;
  /**
   * Converts changes of other programs and people in the records to regular changes. `first` when the store has just
   * opened.
   */
  takeIn(first: boolean): Promise<void>;
  /** A record differs from memory. `fresh` for a task that this process has just created. */
  touch(id: string, fresh: boolean): void;
  /** Detects manual edits while the store is open. */
  watch(): void;
  /** Stops detecting manual edits. */
  stop(): Promise<void>;
  flush(): Promise<void>;
}

/** The origin of log entries. */
export interface LogOrigin {
  /**
   * The position in the change log that their writer had read, or the position of the change that they report (see
   * `seenOf`).
   */
  readonly seen?: number | undefined;
  /** They report a change, and are written after it. */
  readonly change?: boolean;
  /** The caller waits for just these entries, so they are not batched for long. */
  readonly soon?: boolean;
  /** Their task was just created, so that most likely it has no log yet. */
  readonly fresh?: boolean;
}

/** The logs of tasks. */
export interface LogStore {
  /** Resolves when the entries are kept. */
  append(id: string, entries: readonly TaskLogEntry[], origin?: LogOrigin): Promise<void>;
  /** Resolves when all entries that were appended before are kept, or could not be. */
  flush(): Promise<void>;
  /** Resolves when all entries that were appended to a log before survive a power cut, or could not be kept. */
  sync(id: string): Promise<void>;
  /** In causal order (see `causal-order.ts`). */
  read(id: string, range: LogRange): Promise<LogEntryPage>;
  count(id: string): Promise<number>;
  /** Milliseconds since 1970 of the latest line; missing if only a query returns it. */
  lastAt?(id: string): number | undefined;
  /** Calls back soon after any process changed a log; without an id if the log is unknown. */
  changes?(changed: (id: string | undefined) => void): Disposable;
  /** Starts or stops reporting entries that any process adds. Resolves when all that are added later will be reported. */
  watch(on: boolean): Promise<void>;
  /** Ids of tasks that have a log. */
  ids(): Promise<Set<string>>;
  archivedIds(): Promise<Set<string>>;
  /** The task exists, regardless of its earlier state. */
  expect(id: string): void;
  /** The task left memory, because it was deleted or archived. */
  ended(id: string, deleted: boolean): void;
  archive(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

/** The facts of an archived task that need no reading of it. */
export interface ArchivedName {
  readonly id: string;
  readonly number: number;
}

/** A record that becomes the archived task once the change log names its token. */
export interface StagedName extends ArchivedName {
  readonly token: string;
}

export interface ArchivedRecord {
  readonly task: TaskRecord;
  /** This store did not write it. */
  readonly foreign: boolean;
}

/** The records of archived tasks. */
export interface Archive {
  /** Stages a record under a token. Durable after `sync`. */
  stage(task: TaskRecord, token: string): Promise<void>;
  sync(): Promise<void>;
  discard(task: ArchivedName, token: string): Promise<void>;
  /** Makes a staged record the archived task. Idempotent. */
  publish(task: ArchivedName, token: string): Promise<void>;
  /**
   * Removes an archived record. A later record of the same task stays: another process can have archived the task again.
   *
   * @param before a revision that no removed record has reached; undefined for any record
   */
  remove(task: ArchivedName, before?: number): Promise<void>;
  /** By number. @param ids the tasks to look for; by default all */
  names(ids?: readonly string[]): Promise<ArchivedName[]>;
  stagedNames(): Promise<StagedName[]>;
  /** @returns undefined if it is missing or not a task */
  read(name: ArchivedName): Promise<ArchivedRecord | undefined>;
}

/** The shared state of a store's processes besides its changes, by key. */
export type SharedKind = 'queue' | 'workers' | 'homes';

/** A text of a kind. */
export interface SharedEntry {
  readonly key: string;
  /** Undefined for an invalid one. */
  readonly text: string | undefined;
  /** Milliseconds since it was written, by the clock of the store. */
  readonly age: number;
}

/** Returns whether the owner of a lock is still running. */
export interface LockOwner {
  /** Names this process, as JSON of one object. */
  own(): Readonly<Record<string, unknown>>;
  /** `unknown` for a process of another machine, and for a name that cannot be read. */
  state(owner: unknown): 'alive' | 'dead' | 'unknown';
}

/** A text that processes and people change as a whole. */
export interface SharedText {
  /** The place of the text, for messages. */
  readonly name: string;
  /** @returns undefined when there is no text yet. @throws TaskError `SettingsUnreadable` for a link */
  read(): Promise<string | undefined>;
  /**
   * Replaces the text durably. A person's editor does not know the lock, so the text is compared first.
   *
   * @returns false when the text is no longer `before`
   */
  replace(before: string | undefined, text: string): Promise<boolean>;
  /**
   * Runs an action while no other process runs one on the same text. Takes the lock of a process that died.
   *
   * @throws TaskError `SettingsBusy` if another process keeps the lock
   */
  exclusively<T>(owner: LockOwner, action: () => Promise<T>): Promise<T>;
}

/** Whether the server of a store answers. */
export interface Reachability {
  readonly isOnline: boolean;
  onChange(listener: () => void): Disposable;
}

/**
 * The coordination of processes that work on one folder, apart from task changes: the state of the queue, the running
 * workers, the machines on which the folder may run, and confirmations.
 */
export interface Coordination {
  /** The folder whose tasks the processes work on, absolute. */
  readonly folder: string;
  /** True if several folders and machines share it: a person chose such a store by its address. */
  readonly isShared: boolean;
  /** Undefined for a store without a server. */
  readonly server?: Reachability | undefined;
  /** The place of the store, for messages. */
  readonly place: string;
  /** Whether the store is still in its place. */
  exists(): Promise<boolean>;
  /** @returns undefined without such a text, and for an invalid one */
  read(kind: SharedKind, key: string): Promise<string | undefined>;
  /** Replaces a text atomically and durably. The last writer wins. */
  write(kind: SharedKind, key: string, text: string): Promise<void>;
  remove(kind: SharedKind, keys: readonly string[]): Promise<void>;
  /** The texts of a kind; a shared store returns the latest 1,000. */
  entries(kind: SharedKind): Promise<SharedEntry[]>;
  /** Calls back soon after any text of a kind may have changed. */
  watch(kind: SharedKind, changed: () => void): Disposable;
  /** Digests that a person on this machine has confirmed, for all folders of that person. */
  readonly confirmations: SharedText;
  /** The shared settings of the folder, with the rules that people asked to remember. */
  readonly settings: SharedText;
  /** The file for the output of background workers of this folder. */
  readonly workerLog: WorkerLog;
}

export interface WorkerLog {
  /** Its place, for messages. */
  readonly name: string;
  /** @returns a file descriptor to append to; the caller closes it */
  open(): number;
}
