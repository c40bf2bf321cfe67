import { z } from 'zod';
import { taskChanges } from '../runtime/worktrees/diff.ts';
import { defineOperation } from './operation.ts';
import { resolveOne, taskReference } from './references.ts';

/** What a task has changed in its worktree, committed or not; of one that was merged or discarded, what it had. */
export const taskDiff = defineOperation({
  name: 'task.diff',
  summary: 'Show what a task has changed in its worktree.',
  input: z.strictObject({
    task: taskReference,
    stat: z.boolean().optional().describe('Only the files, and how many lines of each.'),
  }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    branch: z.string(),
    /** The commit that the task began with. */
    base: z.string(),
    /** Lines; null for a binary file. */
    files: z.array(z.object({ path: z.string(), added: z.number().nullable(), deleted: z.number().nullable() })),
    patch: z.string(),
  }),
  positional: ['task'],
  effect: 'read',
  async run(context, input) {
    const task = await resolveOne(context, input.task);
    const { branch, base, files, patch } = await taskChanges(context, task, input.stat !== true);
    return { id: task.id, number: task.number, title: task.title, branch, base, files: [...files], patch };
  },
});
