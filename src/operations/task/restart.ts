import { z } from 'zod';
import { restart } from '../../core/task/start.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueTasks, uncountedField } from '../queue/queue-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

/** Runs ended tasks again from the start. Earlier work stays in their executions and their log. */
export const taskRestart = defineOperation('task.restart', {
  input: z.strictObject({ tasks: taskReferences, uncounted: uncountedField }),
  output: tasksSchema,
  positional: ['tasks'],
  run: (context: WithRuns, input) => queueTasks(context, 'task.restart', input, restart),
});
