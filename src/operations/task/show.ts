import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from './output.ts';
import { resolveAnywhere, taskReference } from './references.ts';

export const taskShow = defineOperation('task.show', {
  input: z.strictObject({ task: taskReference }),
  output: taskSchema,
  positional: ['task'],
  run: async (context, input) => taskById(context, (await resolveAnywhere(context, input.task)).id),
});
