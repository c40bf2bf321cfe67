import { z } from 'zod';
import { requestStart } from '../../core/task/start.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueTasks } from '../queue/queue-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

/** Queues tasks; a worker takes them as soon as what they depend on is completed and their approval is given. */
export const taskStart = defineOperation('task.start', {
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  run: (context: WithRuns, input) => queueTasks(context, 'task.start', input.tasks, requestStart),
});
