import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { taskSchema } from '../task/output.ts';
import { decide, decisionFields } from './decide.ts';

export const taskReject = defineOperation({
  name: 'task.reject',
  summary: 'Reject what a task asks.',
  input: z.strictObject({
    ...decisionFields,
    reason: z
      .string()
      .trim()
      .max(10_000)
      .optional()
      .meta({ aliases: ['notes'] })
      .describe('Why; the agent gets to read it where it can.'),
  }),
  output: taskSchema,
  positional: ['task'],
  effect: 'write',
  run: (context, { reason, ...which }) => decide(context, 'task.reject', which, { approve: false, notes: reason }),
});
