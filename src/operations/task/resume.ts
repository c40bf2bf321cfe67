import { z } from 'zod';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import { refusedAction } from '../../core/task/refused-action.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requestStart, resumeFailed } from '../../core/task/start.ts';
import type { WithRuns, WithSettings, WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueTasks, uncountedField } from '../queue/queue-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';
import { requireBudget } from './require-budget.ts';

/**
 * @throws TaskError `IllegalTransition` for a task that is neither paused nor failed, the code of the limit for one that
 * has used it up
 */
function resume(task: TaskRecord, at: string, context: WithStore & WithSettings): TaskPatch {
  if (task.status === 'failed') {
    requireBudget(context, task);
    return resumeFailed(task, at);
  }
  if (task.status !== 'paused') throw refusedAction('resume', task, { to: 'in_progress' });
  // First the refusal of a group: its reached limit would lead to resuming it.
  const patch = requestStart(task, at);
  requireBudget(context, task);
  return patch;
}

/** Resumes the session of a task if its agent can, without repeating finished work. */
export const taskResume = defineOperation('task.resume', {
  input: z.strictObject({ tasks: taskReferences, uncounted: uncountedField }),
  output: tasksSchema,
  positional: ['tasks'],
  async run(context: WithRuns, input) {
    await context.readSettings();
    return queueTasks(context, 'task.resume', input, (task, at) => resume(task, at, context));
  },
});
