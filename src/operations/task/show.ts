import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from './output.ts';
import { resolveAnywhere, taskReference } from './references.ts';

export const taskShow = defineOperation({
  name: 'task.show',
  summary: 'Show a task with everything that is known about it.',
  input: z.strictObject({ task: taskReference }),
  output: taskSchema,
  positional: ['task'],
  effect: 'read',
  run: async (context, input) => taskById(context, (await resolveAnywhere(context, input.task)).id),
});
