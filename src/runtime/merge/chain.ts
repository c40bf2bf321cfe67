import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requireRepository, type WorktreeContext } from '../worktrees/review.ts';
import { type Merged, type MergeRequest, mergeTask } from './merge.ts';
import { unmergedBelow } from './unmerged.ts';

/**
 * Merges a task after all tasks on whose unmerged results it builds, one after the other. Merges that succeeded before
 * one fails stay.
 *
 * @throws TaskError of the task that cannot be merged; its message names the task and those that were merged before it,
 * `details.merged` has their ids
 */
export async function mergeChain(
  context: WorktreeContext,
  task: TaskRecord,
  request: MergeRequest,
): Promise<{ readonly before: readonly Merged[]; readonly last: Merged }> {
  const below = await unmergedBelow(context, await requireRepository(context), task);
  const before: Merged[] = [];
  for (const one of below) {
    try {
      before.push(await mergeTask(context, one, { form: request.form, skipHooks: request.skipHooks }));
    } catch (error) {
      throw stopped(error, one, before);
    }
  }
  try {
    return { before, last: await mergeTask(context, task, request) };
  } catch (error) {
    throw before.length === 0 ? error : stopped(error, task, before);
  }
}

function stopped(cause: unknown, at: TaskRecord, before: readonly Merged[]): TaskError {
  const { code, message, next, details } = TaskError.from(cause);
  const names = before.map(({ task }) => `#${task.number}`).join(', ');
  const done = before.length === 0 ? 'Nothing was merged.' : `Merged before it: ${names}.`;
  return new TaskError(code, `Stopped at #${at.number} "${at.title}": ${message} ${done}`, {
    next,
    cause,
    details: { ...details, task: at.id, merged: before.map(({ task }) => task.id) },
  });
}
