import { sanitizeLine } from '../text/sanitize.ts';
import type { TaskRecord } from './schema.ts';

type Find = (id: string) => TaskRecord | undefined;

/** A dependency by its id; `task` is undefined if the task was deleted. */
interface Dependency {
  readonly id: string;
  readonly task: TaskRecord | undefined;
  /** Number and title of a deleted task; unknown if an older version deleted it. */
  readonly deleted?: { readonly number: number; readonly title: string } | undefined;
}

/** `#3 "Title" (deleted)`; only the id is known of a task that an older version deleted. */
export function deletedName(task: TaskRecord, id: string): string {
  const deleted = task.deleted_dependencies?.[id];
  return deleted === undefined ? `${id} (deleted)` : `#${deleted.number} "${sanitizeLine(deleted.title)}" (deleted)`;
}

/** The dependencies that cannot complete without a person: failed, cancelled or deleted tasks. */
export function lostDependencies(task: TaskRecord, find: Find): Dependency[] {
  return openDependencies(task, find).filter(
    ({ task: other }) => other === undefined || other.status === 'failed' || other.status === 'cancelled',
  );
}

/** The dependencies that keep a task from starting because they are not completed. */
export function openDependencies(task: TaskRecord, find: Find): Dependency[] {
  return task.depends_on
    .map((id) => ({ id, task: find(id), deleted: task.deleted_dependencies?.[id] }))
    .filter((dependency) => dependency.task?.status !== 'completed')
    .map(({ deleted, ...dependency }) =>
      deleted === undefined || dependency.task !== undefined ? dependency : { ...dependency, deleted },
    );
}

/** The neighbours of a task. */
interface Neighbours {
  dependency(id: string): TaskRecord | undefined;
  dependents(id: string): Iterable<TaskRecord>;
}

/** True if this task is the last open dependency of a task that is queued, or that a playing queue would start. */
export function holdsUpOthers(tasks: Neighbours, task: TaskRecord, playing: boolean): boolean {
  for (const dependent of tasks.dependents(task.id)) {
    const open = dependent.depends_on.filter((id) => tasks.dependency(id)?.status !== 'completed');
    const wanted = dependent.queued_at !== undefined || (playing && dependent.status === 'pending');
    if (wanted && open.length === 1 && open[0] === task.id) return true;
  }
  return false;
}
