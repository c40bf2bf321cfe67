import { TaskError } from '../../core/errors.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import { queuedTasks } from '../../runtime/schedule/scheduler.ts';
import type { WithRuns } from '../context.ts';
import { standings } from './standings.ts';

/** Ensures a worker for queued tasks. A task that only waits for a person needs none yet: the approval ensures it. */
export async function ensureFor({ worker }: WithRuns, tasks: readonly TaskRecord[]): Promise<void> {
  if (tasks.some((task) => pendingApprovals(task).length === 0)) await worker.ensure();
}

/** Ensures a worker if any task is ready: started manually, or by the playing queue. */
export async function ensureForReady(context: WithRuns): Promise<void> {
  const { store, worker, trusted, logger } = context;
  if (store.readOnly !== undefined || !trusted()) return;
  const { playing } = await readQueue(store.coordination);
  const standingOf = await standings(context);
  const fits = (task: TaskRecord): boolean => standingOf(task).kind === 'ready';
  if (queuedTasks(store.view, 1, { playing, fits }).length === 0) return;
  try {
    await context.requireConfirmedTasks();
  } catch (error) {
    // The request is done; a missing worker does not make it fail.
    const { message, next } = TaskError.from(error);
    logger.warn(message, { next });
    return;
  }
  await worker.ensure();
}
