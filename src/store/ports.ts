import type { Disposable } from '../core/disposable.ts';

/** What the processes of a store share besides its changes, by key. */
export type SharedKind = 'queue' | 'workers' | 'homes';

/** Tells whether the owner of a lock is still running. */
export interface LockOwner {
  /** Names this process, as JSON of one object. */
  own(): Readonly<Record<string, unknown>>;
  /** `unknown` for a process of another machine, and for a name that cannot be read. */
  state(owner: unknown): 'alive' | 'dead' | 'unknown';
}

/** A text that processes and people change as a whole. */
export interface SharedText {
  /** Where the text is kept, for messages. */
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
   * Runs an action while no other process runs one on the same text. Takes over the lock of a process that died.
   *
   * @throws TaskError `SettingsBusy` when another process keeps the lock
   */
  exclusively<T>(owner: LockOwner, action: () => Promise<T>): Promise<T>;
}

/**
 * How the processes that work on one folder find and respect each other, apart from the changes of tasks: the state of
 * the queue, the workers that are running, the machines on which the folder may run, and what a person has confirmed.
 */
export interface Coordination {
  /** The folder whose tasks the processes work on, absolute. */
  readonly folder: string;
  /** Whether the store is still in its place. */
  exists(): Promise<boolean>;
  /** @returns undefined when there is no such text, and for what cannot be a text of this kind */
  read(kind: SharedKind, key: string): Promise<string | undefined>;
  /** Replaces a text atomically and durably. The last writer wins. */
  write(kind: SharedKind, key: string, text: string): Promise<void>;
  remove(kind: SharedKind, key: string): Promise<void>;
  keys(kind: SharedKind): Promise<string[]>;
  /** Calls back soon after any text of a kind may have changed. */
  watch(kind: SharedKind, changed: () => void): Disposable;
  /** Digests that a person on this machine has confirmed, for all folders of that person. */
  readonly confirmations: SharedText;
  /** The shared settings of the folder, with the rules that people asked to remember. */
  readonly settings: SharedText;
  /** Where background workers of this folder write what they print. */
  readonly workerLog: WorkerLog;
}

export interface WorkerLog {
  /** Where it is, for messages. */
  readonly name: string;
  /** @returns a file descriptor to append to; the caller closes it */
  open(): number;
}
