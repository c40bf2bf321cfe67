import type { TaskRecord } from '../core/task/schema.ts';
import type { StoreView } from '../store/view.ts';

/**
 * The first ready tasks, at most so many, in the order in which they are to run: highest priority first, then the
 * longest chain of tasks that wait for it, then the oldest.
 */
export function readyTasks(view: StoreView, count: number): TaskRecord[] {
  return view.frontier.take(count);
}

/** True when a task that was asked for waits only for this one to be completed. */
export function holdsUpOthers(view: StoreView, task: TaskRecord): boolean {
  for (const dependent of view.dependents(task.id)) {
    const open = dependent.depends_on.filter((id) => view.dependency(id)?.status !== 'completed');
    if (dependent.queued_at !== undefined && open.length === 1 && open[0] === task.id) return true;
  }
  return false;
}
