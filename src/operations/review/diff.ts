import { z } from 'zod';
import { taskChanges } from '../../runtime/worktrees/diff.ts';
import type { WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveOne, taskReference } from '../task/references.ts';

/**
 * The changes of a task in its worktree, committed or not, also after it was merged or discarded. Not for a restricted
 * folder: git runs programs that the repository's own settings name, such as filters.
 */
export const taskDiff = defineOperation('task.diff', {
  input: z.strictObject({
    task: taskReference,
    stat: z.boolean().optional().describe('Only file names and changed line counts.'),
    file: z.string().min(1).max(4_096).optional().describe('Only this file, by its path in the repository.'),
  }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    branch: z.string(),
    /** The commit that the task began with. */
    base: z.string(),
    /** Lines; null for a binary file. */
    files: z.array(
      z.object({
        path: z.string(),
        change: z.enum(['added', 'deleted', 'modified']),
        added: z.number().nullable(),
        deleted: z.number().nullable(),
        /** Its name or its changed lines have characters that do not print. */
        hidden: z.boolean(),
      }),
    ),
    patch: z.string(),
    /** The checkout that still has the work; null when only git has it. */
    worktree: z.string().nullable(),
    /** For `file`: its text on both sides, null where it does not exist or is binary. */
    sides: z.object({ before: z.string().nullable(), after: z.string().nullable() }).nullable(),
  }),
  positional: ['task'],
  async run(context: WithWork, input) {
    const task = await resolveOne(context, input.task);
    const { file } = input;
    const changes = await taskChanges(context, task, { detail: input.stat === true ? 'characters' : 'patch', file });
    const { branch, base, files, patch, worktree = null, sides = null } = changes;
    const { id, number, title } = task;
    return { id, number, title, branch, base, files: [...files], patch, worktree, sides };
  },
});
