import { z } from 'zod';
import { taskRecordSchema } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveAnywhere, taskReference } from './references.ts';

/** The changes of status and of protected fields with who made them, and the executions. The oldest first. */
export const taskHistory = defineOperation('task.history', {
  input: z.strictObject({ task: taskReference }),
  output: taskRecordSchema.pick({ id: true, number: true, title: true, history: true, executions: true }),
  positional: ['task'],
  async run(context: WithStore, input) {
    const { id, number, title, history, executions } = await resolveAnywhere(context, input.task);
    return { id, number, title, history, executions };
  },
});
