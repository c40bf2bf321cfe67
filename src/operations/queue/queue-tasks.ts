import { z } from 'zod';
import { acceptUncounted } from '../../core/policy/uncounted.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import { scriptOf } from '../../core/task/workflow.ts';
import { requireAvailable } from '../agent/agent-choice.ts';
import type { WithRuns } from '../context.ts';
import { changeTasks } from '../task/change-tasks.ts';
import { resolveAll } from '../task/references.ts';
import { requireCountable, type StartOperation } from '../task/require-countable.ts';
import { requireScript } from '../task/require-script.ts';
import { ensureFor } from './ensure-worker.ts';

/** The flag of operations that start tasks. */
export const uncountedField = z
  .boolean()
  .optional()
  .describe('Start although the agent reports no cost, so that the cost limit never stops it.');

/**
 * Queues tasks by an action, all or none, and ensures a worker for them.
 *
 * @throws TaskError `NotConfirmed` for a cost limit that cannot be counted, unless the person accepts it (`uncounted`)
 */
export async function queueTasks(
  context: WithRuns,
  name: StartOperation,
  {
    tasks: references,
    uncounted = false,
  }: { readonly tasks: readonly string[]; readonly uncounted?: boolean | undefined },
  action: (task: TaskRecord, at: string) => TaskPatch,
): Promise<{ tasks: Task[] }> {
  const { agents } = context;
  await context.requireConfirmedTasks();
  const tasks = await resolveAll(context, references);
  // A task that cannot be queued fails first; its missing agent would be beside the point.
  for (const task of tasks) action(task, new Date().toISOString());
  for (const task of tasks) requireScript({ tool: task.tool, instructions: scriptOf(task) }, task.number);
  if (!uncounted) for (const task of tasks) requireCountable(task, context.store.view, agents, name);
  await requireAvailable(
    agents,
    tasks.map((task) => task.tool),
  );
  const accepted = (task: TaskRecord): TaskPatch =>
    uncounted ? acceptUncounted(task, context.store.view, (agent, model) => agents.countsCost(agent, model)) : {};
  const queued = await changeTasks(context, name, references, (task, at) => ({
    ...action(task, at),
    ...accepted(task),
  }));
  await ensureFor(context, queued.tasks);
  return queued;
}
