import { TaskError } from '../../core/errors.ts';
import { type StepOptions, type Stopped, takeSteps } from '../../core/steps.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requireRepository, type WorktreeContext } from '../worktrees/review.ts';
import { type Merged, type MergeRequest, mergeTask } from './merge.ts';
import { unmergedBelow } from './unmerged.ts';

/** The merges of a chain in order; `last` is undefined if the caller stopped it. */
export interface MergedChain {
  readonly before: readonly Merged[];
  readonly last: Merged | undefined;
  readonly stopped: Stopped | null;
}

/**
 * Merges a task after all tasks on whose unmerged results it builds, one after the other. Completed merges stay if a
 * later one fails or the caller stops.
 *
 * @throws TaskError of the task that cannot be merged; its message names the task and those that were merged before it,
 * `details.merged` has their ids
 */
export async function mergeChain(
  context: WorktreeContext,
  task: TaskRecord,
  request: MergeRequest,
  options: StepOptions = {},
): Promise<MergedChain> {
  const below = await unmergedBelow(context, await requireRepository(context), task);
  const merged: Merged[] = [];
  const stopped = await takeSteps([...below, task], options, {
    message: ({ number, title }) => `Merging #${number} ${title}`,
    async take(one) {
      const form = one === task ? request : { form: request.form, skipHooks: request.skipHooks };
      try {
        merged.push(await mergeTask(context, one, form));
      } catch (error) {
        throw one === task && merged.length === 0 ? error : failedAt(error, one, merged);
      }
    },
  });
  const last = stopped === null ? merged.pop() : undefined;
  return { before: merged, last, stopped };
}

function failedAt(cause: unknown, at: TaskRecord, before: readonly Merged[]): TaskError {
  const { code, message, next, details } = TaskError.from(cause);
  const names = before.map(({ task }) => `#${task.number}`).join(', ');
  const done = before.length === 0 ? 'Nothing was merged.' : `Merged before it: ${names}.`;
  return new TaskError(code, `Stopped at #${at.number} "${at.title}": ${message} ${done}`, {
    next,
    cause,
    details: { ...details, task: at.id, merged: before.map(({ task }) => task.id) },
  });
}
