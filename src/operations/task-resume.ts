import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import type { TaskPatch } from '../core/task/lifecycle.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { requestStart } from '../core/task/start.ts';
import { defineOperation } from './operation.ts';
import { queueTasks } from './queue-tasks.ts';
import { taskReferences } from './references.ts';
import { tasksSchema } from './task-output.ts';

/** @throws TaskError `IllegalTransition` for a task that is not paused */
function resume(task: TaskRecord, at: string): TaskPatch {
  if (task.status === 'paused') return requestStart(task, at);
  throw new TaskError('IllegalTransition', `#${task.number} is ${task.status}, not paused.`, {
    hint: 'Start a pending task; restart one that has ended.',
  });
}

/** Goes on with the session that a task had, where its agent can; what is finished is not done again. */
export const taskResume = defineOperation({
  name: 'task.resume',
  summary: 'Go on with paused tasks.',
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  effect: 'run',
  run: (context, input) => queueTasks(context, 'task.resume', input.tasks, resume),
});
