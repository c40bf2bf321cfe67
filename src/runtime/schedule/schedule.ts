import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';

/** The first matching tasks that may run now, in their order: highest priority
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
