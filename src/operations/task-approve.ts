import { z } from 'zod';
import { decide, decisionFields } from './decide.ts';
import { defineOperation } from './operation.ts';
import { taskSchema } from './task-output.ts';

export const taskApprove = defineOperation({
  name: 'task.approve',
  summary: 'Approve what a task asks.',
  input: z.strictObject({
    ...decisionFields,
    notes: z
      .string()
      .trim()
      .max(10_000)
      .optional()
      .meta({ aliases: ['reason'] })
      .describe('Words for the record.'),
    forTask: z.boolean().optional().describe('Also approve the like of it for the rest of this task.'),
  }),
  output: taskSchema,
  positional: ['task'],
  effect: 'run',
  async run(context, { notes, forTask, ...which }) {
    const task = await decide(context, 'task.approve', which, {
      approve: true,
      notes,
      scope: forTask === true ? 'task' : 'once',
    });
    await context.worker.ensure();
    return task;
  },
});
