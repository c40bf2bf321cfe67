import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { mergeChain, mergeOrder } from '../../runtime/merge/chain.ts';
import type { Merged } from '../../runtime/merge/merge.ts';
import type { WithAgents, WithWork } from '../context.ts';
import { defineOperation, stoppedSchema } from '../operation.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';

const mergedSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  files: z.array(z.string()),
});

/** Merges the work of tasks into the folder's own checkout, each one entirely or not at all. Other changes there remain. */
export const taskMerge = defineOperation('task.merge', {
  input: z.strictObject({
    task: taskReference,
    more: z.array(taskReference).max(1_000).optional().describe('Further tasks to merge.'),
    squash: z.boolean().optional().describe('Merge as one commit.'),
    patch: z.boolean().optional().describe('Apply as uncommitted changes.'),
    message: z.string().trim().min(1).max(10_000).optional().describe('Commit message.'),
    withDependencies: z.boolean().optional().describe('Merge the unmerged tasks on which it builds first.'),
    dryRun: z.boolean().optional().describe('List the tasks in the order of their merges; merge nothing.'),
    skipHooks: z.boolean().optional().describe('Do not run your commit hooks; the log of the task records it.'),
  }),
  output: z.object({
    /** The task that is merged last. */
    task: taskSchema,
    /** Paths in the repository. */
    files: z.array(z.string()),
    /** The commit at which your branch is now; null for a patch, and if the last task was not merged. */
    commit: z.string().nullable(),
    /** Why the worktree of the last task still exists; null when it was removed. */
    kept: z.string().nullable(),
    /** Tasks that were merged first, in order. */
    before: z.array(mergedSchema),
    /** Tasks that are not merged because the caller stopped, or of a dry run, in order. */
    remaining: z.array(mergedSchema.omit({ files: true })),
    /** The position at which the caller stopped. */
    stopped: stoppedSchema,
  }),
  positional: ['task', 'more'],
  hasSteps: true,
  async run(context: WithWork & WithAgents, input, options) {
    const { squash, patch, message, withDependencies = false, dryRun, skipHooks } = input;
    if (squash === true && patch === true) {
      throw new TaskError('InvalidInput', 'A merge is either one commit or none.', {
        next: [textStep('Choose a squash merge or a patch.')],
      });
    }
    const tasks: TaskRecord[] = [];
    for (const reference of [input.task, ...(input.more ?? [])]) tasks.push(await resolveAtRest(context, reference));
    if (message !== undefined && new Set(tasks).size > 1) {
      throw new TaskError('InvalidInput', 'One message does not fit several merges.', {
        next: [textStep('Merge the task with the message alone, or leave out the message.')],
      });
    }
    const form = squash === true ? 'squash' : patch === true ? 'patch' : 'merge';
    // A single task reports its own reason, also without a repository.
    const order = tasks.length > 1 || withDependencies ? await mergeOrder(context, tasks, withDependencies) : tasks;
    const { merged, remaining, stopped } =
      dryRun === true
        ? { merged: [], remaining: order, stopped: null }
        : await mergeChain(context, order, { form, message, skipHooks }, options);
    const before: Merged[] = [...merged];
    const last = remaining.length === 0 ? before.pop() : undefined;
    return {
      task: await taskById(context, order.at(-1)?.id ?? input.task),
      files: [...(last?.files ?? [])],
      commit: last?.commit ?? null,
      kept: last?.kept ?? null,
      stopped,
      remaining: remaining.map(({ id, number, title }) => ({ id, number, title })),
      before: before.map(({ task: { id, number, title }, files }) => ({ id, number, title, files: [...files] })),
    };
  },
});
