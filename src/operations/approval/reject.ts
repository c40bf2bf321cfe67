import { z } from 'zod';
import type { WithActor, WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSchema } from '../task/output.ts';
import { decide, decisionFields } from './decide.ts';

export const taskReject = defineOperation('task.reject', {
  input: z.strictObject({
    ...decisionFields,
    reason: z
      .string()
      .trim()
      .max(10_000)
      .optional()
      .meta({ aliases: ['notes'] })
      .describe('Reason. The agent receives it if its protocol allows.'),
  }),
  output: taskSchema,
  positional: ['task'],
  run: (context: WithStandings & WithActor, { reason, ...which }) =>
    decide(context, 'task.reject', which, { approve: false, notes: reason }),
});
