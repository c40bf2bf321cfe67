import { z } from 'zod';
import { cancel } from '../../core/task/session.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { changeTasks } from './change-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

export const taskCancel = defineOperation('task.cancel', {
  input: z.strictObject({
    tasks: taskReferences,
    reason: z.string().trim().max(2_000).optional().describe('Reason for the record.'),
  }),
  output: tasksSchema,
  positional: ['tasks'],
  run: (context: WithStandings, input) =>
    changeTasks(context, 'task.cancel', input.tasks, (task, at) => cancel(task, at, input.reason)),
});
