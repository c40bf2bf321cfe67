import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { StoreMutation } from '../journal/draft.ts';
import type { LineListener } from '../journal/judge.ts';
import type { Memory } from '../journal/memory.ts';
import type { Maintenance } from '../maintenance.ts';
import type { Archive, ChangeLog, Coordination, LogStore, Origin, Snapshots } from '../ports.ts';

/** The parts that one kind of store consists of. */
export interface StoreParts {
  readonly log: ChangeLog;
  readonly snapshots: Snapshots;
  readonly logs: LogStore;
  /** Loads the archive on first use. */
  readonly archive: () => Promise<Archive>;
  readonly coordination: Coordination;
  readonly maintenance?: Maintenance;
  readonly origin?: () => Origin;
  readonly vouch?: () => Promise<void>;
  /** Makes room for the first change of a store. */
  readonly prepare?: () => Promise<void>;
}

/** The services of the store as a whole for its parts. */
export interface StoreCore extends LineListener {
  readonly memory: Memory;
  /** Reads on in the log. */
  refresh(): Promise<void>;
  /** Runs a mutation, also while the store is being closed. */
  mutate(name: string, mutation: StoreMutation<void>, by?: string): Promise<void>;
  /** Runs work that moves the place in the log, one after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Applies the journal to the log and archive of a task. */
  settle(id: string): Promise<void>;
  /** Does the same for all tasks that the journal has moved. */
  settleAll(): Promise<void>;
  /** A segment of the log was removed: its changes are applied. `done`: tasks that no later segment changed. */
  compacted(generation: number, done: readonly string[]): void;
  /** Entries were added to a log that is watched. */
  logged(id: string, entries: readonly TaskLogEntry[]): void;
  /** Content could not be parsed; the message is for a person. */
  problem(text: string): void;
}
