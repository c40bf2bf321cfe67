import { z } from 'zod';
import { discardTask } from '../../runtime/worktrees/discard.ts';
import type { WithAgents, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';

/** Discards the changes of a task. Git keeps them for 30 days under a ref. */
export const taskDiscard = defineOperation('task.discard', {
  input: z.strictObject({
    task: taskReference,
    yes: z.boolean().optional().describe('Discard the changes. Without this option, the command lists them.'),
  }),
  output: z.object({
    task: taskSchema,
    /** Paths in the repository. */
    files: z.array(z.string()),
    /** Keeps everything for 30 days; null if no work was left. */
    ref: z.string().nullable(),
  }),
  positional: ['task'],
  async run(context: WithWork & WithAgents, { task: reference, yes }) {
    const task = await resolveAtRest(context, reference);
    const { ref, files } = await discardTask(context, task, yes === true);
    return { task: await taskById(context, task.id), files, ref: ref ?? null };
  },
});
