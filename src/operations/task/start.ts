import { z } from 'zod';
import { requestStart } from '../../core/task/start.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueTasks, uncountedField } from '../queue/queue-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

/** Queues tasks; a worker claims them as soon as their dependencies are completed and they are approved. */
export const taskStart = defineOperation('task.start', {
  input: z.strictObject({ tasks: taskReferences, uncounted: uncountedField }),
  output: tasksSchema,
  positional: ['tasks'],
  run: (context: WithRuns, input) => queueTasks(context, 'task.start', input, requestStart),
});
