import { z } from 'zod';
import { checkpointSchema } from '../../core/task/checkpoint-schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveAnywhere, taskReference } from '../task/references.ts';

export const taskCheckpoints = defineOperation('task.checkpoints', {
  input: z.strictObject({ task: taskReference }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    /** The latest last. */
    checkpoints: z.array(checkpointSchema),
  }),
  positional: ['task'],
  async run(context: WithStore, input) {
    const { id, number, title, checkpoints = [] } = await resolveAnywhere(context, input.task);
    return { id, number, title, checkpoints };
  },
});
