import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { mergeTask } from '../../runtime/merge/merge.ts';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';

/** Brings the work of a task into the folder's own checkout, wholly or not at all, whatever else is changed there. */
export const taskMerge = defineOperation('task.merge', {
  input: z.strictObject({
    task: taskReference,
    squash: z.boolean().optional().describe('Merge as one commit.'),
    patch: z.boolean().optional().describe('Apply as uncommitted changes.'),
    message: z.string().trim().min(1).max(10_000).optional().describe('Commit message.'),
  }),
  output: z.object({
    task: taskSchema,
    /** Paths in the repository. */
    files: z.array(z.string()),
    /** What your branch is at now; null for a patch. */
    commit: z.string().nullable(),
    /** Why the worktree is still there; null when it is gone. */
    kept: z.string().nullable(),
  }),
  positional: ['task'],
  async run(context, { task: reference, squash, patch, message }) {
    if (squash === true && patch === true) {
      throw new TaskError('InvalidInput', 'A merge is either one commit or none.', {
        next: [textStep('Choose a squash merge or a patch.')],
      });
    }
    const form = squash === true ? 'squash' : patch === true ? 'patch' : 'merge';
    const merged = await mergeTask(context, await resolveAtRest(context, reference), { form, message });
    return {
      task: await taskById(context, merged.task.id),
      files: [...merged.files],
      commit: merged.commit ?? null,
      kept: merged.kept ?? null,
    };
  },
});
