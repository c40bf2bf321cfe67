import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { mergeChain } from '../../runtime/merge/chain.ts';
import { mergeTask } from '../../runtime/merge/merge.ts';
import type { WithAgents, WithWork } from '../context.ts';
import { defineOperation, stoppedSchema } from '../operation.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';

/** Merges the work of a task into the folder's own checkout, wholly or not at all. Other changes there stay. */
export const taskMerge = defineOperation('task.merge', {
  input: z.strictObject({
    task: taskReference,
    squash: z.boolean().optional().describe('Merge as one commit.'),
    patch: z.boolean().optional().describe('Apply as uncommitted changes.'),
    message: z.string().trim().min(1).max(10_000).optional().describe('Commit message.'),
    withDependencies: z.boolean().optional().describe('Merge the unmerged tasks on which it builds first.'),
    skipHooks: z.boolean().optional().describe('Do not run your commit hooks; the log of the task records it.'),
  }),
  output: z.object({
    task: taskSchema,
    /** Paths in the repository. */
    files: z.array(z.string()),
    /** The commit at which your branch is now; null for a patch, and if the caller stopped before this task. */
    commit: z.string().nullable(),
    /** Why the worktree still exists; null when it was removed. */
    kept: z.string().nullable(),
    /** Tasks that were merged first, in order. */
    before: z.array(
      z.object({ id: z.string(), number: z.number().int(), title: z.string(), files: z.array(z.string()) }),
    ),
    /** Tasks that were merged before the caller stopped; the last of them is this task. */
    stopped: stoppedSchema,
  }),
  positional: ['task'],
  hasSteps: true,
  async run(
    context: WithWork & WithAgents,
    { task: reference, squash, patch, message, withDependencies, skipHooks },
    options,
  ) {
    if (squash === true && patch === true) {
      throw new TaskError('InvalidInput', 'A merge is either one commit or none.', {
        next: [textStep('Choose a squash merge or a patch.')],
      });
    }
    const form = squash === true ? 'squash' : patch === true ? 'patch' : 'merge';
    const task = await resolveAtRest(context, reference);
    const request = { form, message, skipHooks } as const;
    const { before, last, stopped } =
      withDependencies === true
        ? await mergeChain(context, task, request, options)
        : { before: [], last: await mergeTask(context, task, request), stopped: null };
    return {
      task: await taskById(context, task.id),
      files: [...(last?.files ?? [])],
      commit: last?.commit ?? null,
      kept: last?.kept ?? null,
      stopped,
      before: before.map(({ task: { id, number, title }, files }) => ({ id, number, title, files: [...files] })),
    };
  },
});
