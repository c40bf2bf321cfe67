import { TaskError } from '../../core/errors.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import { queuedTasks } from '../../runtime/schedule/scheduler.ts';
import { requireAvailable } from '../agent/agent-choice.ts';
import type { WithRuns } from '../context.ts';
import { changeTasks } from '../task/change-tasks.ts';
import { resolveAll } from '../task/references.ts';
import { standings } from './standings.ts';

/** Queues tasks by an action, all of them or none, and sees to it that a worker is there for them. */
export async function queueTasks(
  context: WithRuns,
  name: string,
  references: readonly string[],
  action: (task: TaskRecord, at: string) => TaskPatch,
): Promise<{ tasks: Task[] }> {
  await context.requireConfirmedTasks();
  const tasks = await resolveAll(context, references);
  // A task that cannot be queued fails first; its missing agent would be beside the point.
  for (const task of tasks) action(task, new Date().toISOString());
  await requireAvailable(
    context.agents,
    tasks.map((task) => task.tool),
  );
  const queued = await changeTasks(context, name, references, action);
  await ensureFor(context, queued.tasks);
  return queued;
}

/**
 * Sees to it that a worker is there for tasks that were queued. One that only waits for a person needs none yet: the
 * approval sees to that.
 */
export async function ensureFor({ worker }: WithRuns, tasks: readonly TaskRecord[]): Promise<void> {
  if (tasks.some((task) => pendingApprovals(task).length === 0)) await worker.ensure();
}

/** Sees to it that a worker is there if any task may run now: asked for by hand, or by the queue that plays. */
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
