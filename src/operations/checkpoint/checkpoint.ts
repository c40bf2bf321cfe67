import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { checkpointSchema } from '../../core/task/checkpoint-schema.ts';
import { createCheckpoint } from '../../runtime/checkpoints/create.ts';
import type { WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveOne, taskReference } from '../task/references.ts';

/** Saves the files of a task, including untracked ones, and the position of its conversation, even while it runs. */
export const taskCheckpoint = defineOperation('task.checkpoint', {
  input: z.strictObject({
    task: taskReference,
    message: z.string().trim().min(1).max(2_000).optional().describe('Description of the checkpoint.'),
  }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    checkpoint: checkpointSchema,
  }),
  positional: ['task', 'message'],
  async run(context: WithWork, input) {
    const task = await resolveOne(context, input.task);
    const message = input.message ?? 'By hand';
    const checkpoint = await createCheckpoint(context, task, { kind: 'manual', message });
    if (checkpoint === undefined)
      throw new TaskError('NothingToCheckpoint', `There is nothing of #${task.number} to keep.`);
    return { id: task.id, number: task.number, title: task.title, checkpoint };
  },
});
