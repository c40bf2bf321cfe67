import { z } from 'zod';
import { findCheckpoint, resumeRestored } from '../../core/task/checkpoint.ts';
import { checkpointSchema } from '../../core/task/checkpoint-schema.ts';
import { restoreCheckpoint } from '../../runtime/checkpoints/restore.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueTasks } from '../queue/queue-tasks.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';

/** Restores the files of a task, after saving the current ones as a checkpoint. */
export const taskRestore = defineOperation('task.restore', {
  input: z.strictObject({
    task: taskReference,
    checkpoint: z.number().int().positive().optional().describe('Number of the checkpoint. Default: the latest.'),
    resume: z.boolean().optional().describe('Resume the task from the checkpoint, even if it had ended.'),
  }),
  output: z.object({
    task: taskSchema,
    checkpoint: checkpointSchema,
    /** A checkpoint of the files before; null if they were the same. */
    before: checkpointSchema.nullable(),
    /** Restored paths in the repository. */
    files: z.array(z.string()),
  }),
  positional: ['task', 'checkpoint'],
  async run(context: WithRuns, input) {
    const task = await resolveAtRest(context, input.task);
    const checkpoint = findCheckpoint(task, input.checkpoint);
    const { before, files } = await restoreCheckpoint(context, task.id, checkpoint);
    if (input.resume === true) {
      await queueTasks(context, 'task.restore', { tasks: [task.id] }, (now, at) => resumeRestored(now, checkpoint, at));
    }
    return { task: await taskById(context, task.id), checkpoint, before: before ?? null, files: [...files] };
  },
});
