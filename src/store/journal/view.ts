import type { Frontier } from '../../core/graph/frontier.ts';
import type { TaskLookup } from '../../core/task/reference.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';

/**
 * The records in memory, for reading without waiting: faces draw from it, rules decide on it. Records are
 * never changed in place; a change puts a new record in the old one's place.
 */
export interface StoreView extends TaskLookup {
  byId(id: string): TaskRecord | undefined;
  byNumber(number: number): TaskRecord | undefined;
  /** The task with this id, also when it is archived and something in memory depends on it. */
  dependency(id: string): TaskRecord | undefined;
  /** All tasks by number. */
  all(): Iterable<TaskRecord>;
  /** Tasks of one status, in no particular order. */
  byStatus(status: TaskStatus): Iterable<TaskRecord>;
  /** Leased tasks, in no particular order: few, for any number of tasks. */
  leased(): Iterable<TaskRecord>;
  /** Tasks of one project, in no particular order. */
  byProject(project: string): Iterable<TaskRecord>;
  /** Tasks with a label, in no particular order. */
  byLabel(label: string): Iterable<TaskRecord>;
  /** Tasks that depend on this one. */
  dependents(id: string): Iterable<TaskRecord>;
  /** Parts of this one. */
  children(id: string): Iterable<TaskRecord>;
  /** The number of tasks with this status. */
  count(status: TaskStatus): number;
  readonly size: number;
  /** The tasks that may run now; of a draft, the tasks that might before it. */
  readonly frontier: Frontier;
  /** The ready tasks if the queue plays, whether or not a person started them; of a draft as above. */
  readonly playable: Frontier;
}

/** A view that counts its changes: an equal number means no change. */
export interface VersionedView extends StoreView {
  readonly version: number;
  /** Tasks that changed since a version, each before and after; undefined if that version is too old. */
  changedSince(version: number): readonly TaskRecord[] | undefined;
}
