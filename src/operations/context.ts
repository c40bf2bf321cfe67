import type { AgentCatalog } from '../core/agent/catalog.ts';
import type { Logger } from '../core/logger.ts';
import type { ImportedTasks } from '../runtime/settings/home.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import type { TaskStore } from '../store/task-store.ts';

// The context of an operation in parts: each operation declares the parts that it uses, which limits its effects.

/** Starts workers; the faces reach a worker only through the store. */
export interface WorkerControl {
  /** Starts a detached worker for this store unless one is alive. */
  ensure(): Promise<void>;
}

export interface WithStore {
  readonly store: TaskStore;
}

export interface WithActor {
  /** The acting person for the record: the git identity of the folder, or the value of `--as`. */
  readonly actor: string;
}

export interface WithAgents {
  /** The agents of this folder; confirming the workspace's agents replaces the catalog. */
  readonly agents: AgentCatalog;
}

export interface WithSettings {
  readonly settings: Settings;
  /** Reads the settings from their files again. */
  readSettings(): Promise<void>;
}

export interface WithWorker {
  readonly worker: WorkerControl;
}

/** The decision of a person about imported tasks. */
export interface WithImported {
  /** Tasks that were queued before the folder came to this machine; undefined after a person confirmed them. */
  readonly importedTasks?: ImportedTasks | undefined;
  /** Allows these tasks to run on this machine. */
  confirmTasks(): Promise<void>;
  /** @throws TaskError `NotConfirmed` while a person has to confirm them first */
  requireConfirmedTasks(): Promise<void>;
}

/** Which code of the folder may run on this machine. */
export interface WithTrust {
  /** False in a restricted folder, where no task may run. */
  trusted(): boolean;
}

/** The person's decision about agents and rules of the workspace's `config.json`. */
export interface WithConfirmation {
  /**
   * Confirms them on this machine by the digests of the displayed tasks.
   *
   * @throws TaskError `ChangedSinceShown` if the file has changed since
   */
  confirmAgents(shown: readonly string[]): Promise<void>;
}

export interface WithLogger {
  readonly logger: Logger;
}

/** The parts from which the standing of a task is derived. */
export type WithStandings = WithStore & WithSettings & WithAgents;

/** The parts that start a worker for tasks that may run. */
export type WithRuns = WithStandings & WithWorker & WithImported & WithTrust & WithLogger;

/** The parts for work in git: worktrees, checkpoints and merges. */
export type WithWork = WithStore & WithSettings & WithLogger;

/** All parts together; `src/host.ts` makes one per open folder, and every face passes it first. */
export interface OperationContext
  extends WithStore,
    WithActor,
    WithAgents,
    WithSettings,
    WithWorker,
    WithImported,
    WithTrust,
    WithConfirmation,
    WithLogger {}
