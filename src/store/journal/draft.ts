import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { NewTaskRecord, TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from './view.ts';

/**
 * The working copy of a mutation: the current state and the changes so far. The function that gets it must be
 * synchronous and without side effects, because it is run again when another process changed one of its tasks first.
 */
export interface Draft extends StoreView {
  /** The time of this change, ISO 8601 UTC. */
  readonly at: string;
  /**
   * The task, in this project if its title is not unique.
   *
   * @throws TaskError `TaskNotFound` or `AmbiguousTask`
   */
  require(reference: string, project?: string): TaskRecord;
  /** Adds a task; it has its number when the mutation has resolved. */
  create(record: NewTaskRecord): void;
  /** Name of the person, worker or program that makes this change. */
  readonly by: string;
  /**
   * Changes fields; undefined removes one. Sees the patches before it. Transitions and changes of protected fields are
   * recorded in history and log, with the note. Returns the record as it will be.
   */
  patch(id: string, patch: TaskPatch, note?: string): TaskRecord;
  delete(id: string): void;
  /** Refuses the whole change if any dependency or parent changed in the meantime: for checks of the graph. */
  guardGraph(): void;
  /** Refuses the whole change if any task was claimed in the meantime: for checks that count running tasks. */
  guardClaims(): void;
  /** A line for the log of a task, written once the change is committed. */
  log(id: string, entry: LogDraft): void;
}

export type Mutation<T> = (draft: Draft) => T;

/** The further rights of the store itself: it moves tasks between memory, archive and files. */
export interface StoreDraft extends Draft {
  /** Takes a task out of memory. The record that was staged in the archive under this token becomes the task. */
  archive(id: string, token: string): void;
  /** Puts an archived task back into memory. */
  restore(task: TaskRecord): void;
  /** Puts a whole record in the place of one with an older revision, or of none. */
  adopt(task: TaskRecord): void;
}

export type StoreMutation<T> = (draft: StoreDraft) => T;
