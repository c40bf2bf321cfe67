import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';

/**
 * The first tasks that may run now and fit, at most so many, in the order in which they are to run: highest priority
 * first, then the longest chain of tasks that wait for it, then the oldest. If the queue plays, also those that nobody
 * has asked for.
 */
export function readyTasks(
  view: StoreView,
  count: number,
  { playing = false, fits }: { playing?: boolean; fits?: (task: TaskRecord) => boolean } = {},
): TaskRecord[] {
  return (playing ? view.playable : view.frontier).take(count, fits);
}

/** True when a task that is to be run waits only for this one to be completed. */
export function holdsUpOthers(view: StoreView, task: TaskRecord, playing: boolean): boolean {
  for (const dependent of view.dependents(task.id)) {
    const open = dependent.depends_on.filter((id) => view.dependency(id)?.status !== 'completed');
    const wanted = dependent.queued_at !== undefined || (playing && dependent.status === 'pending');
    if (wanted && open.length === 1 && open[0] === task.id) return true;
  }
  return false;
}
