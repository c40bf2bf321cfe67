import { TaskError } from '../../core/errors.ts';
import { type StepOptions, type Stopped, takeSteps } from '../../core/steps.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requireRepository, type WorktreeContext } from '../worktrees/review.ts';
import { type Merged, type MergeRequest, mergeTask } from './merge.ts';
import { unmergedBelow } from './unmerged.ts';

/** The merges of a chain in order, and the tasks that the caller stopped before. */
export interface MergedChain {
  readonly merged: readonly Merged[];
  readonly remaining: readonly TaskRecord[];
  readonly stopped: Stopped | null;
}

/**
 * The order in which to merge tasks: each one after those on whose unmerged results it builds, else as given.
 *
 * @param withDependencies also merges the tasks below them that are not named
 */
export async function mergeOrder(
  context: WorktreeContext,
  tasks: readonly TaskRecord[],
  withDependencies: boolean,
): Promise<TaskRecord[]> {
  const repository = await requireRepository(context);
  const named = new Map(tasks.map((task) => [task.id, task]));
  const order = new Map<string, TaskRecord>();
  for (const task of named.values()) {
    for (const below of await unmergedBelow(context, repository, task)) {
      if (withDependencies || named.has(below.id)) order.set(below.id, below);
    }
    order.set(task.id, task);
  }
  return [...order.values()];
}

/**
 * Merges tasks in order. Completed merges remain if a later one fails or the caller stops.
 *
 * @param request its message is for the last task
 * @throws TaskError of the task that cannot be merged. Its message names the task, the merged ones and the ones that
 * remain; `details.merged` and `details.remaining` have their ids
 */
export async function mergeChain(
  context: WorktreeContext,
  order: readonly TaskRecord[],
  request: MergeRequest,
  options: StepOptions = {},
): Promise<MergedChain> {
  const merged: Merged[] = [];
  const last = order.at(-1);
  const stopped = await takeSteps(order, options, {
    message: ({ number, title }) => `Merging #${number} ${title}`,
    async take(one) {
      const form = one === last ? request : { form: request.form, skipHooks: request.skipHooks };
      try {
        merged.push(await mergeTask(context, one, form));
      } catch (error) {
        throw order.length === 1 ? error : failedAt(error, order, merged.length);
      }
    },
  });
  return { merged, remaining: order.slice(merged.length), stopped };
}

function failedAt(cause: unknown, order: readonly TaskRecord[], done: number): TaskError {
  const { code, message, next, details } = TaskError.from(cause);
  const [before, remaining] = [order.slice(0, done), order.slice(done)];
  const [at, ...after] = remaining;
  const sentences = [
    `Stopped at #${at?.number} "${at?.title}": ${message}`,
    before.length === 0 ? 'Nothing was merged.' : `Merged before it: ${numbers(before)}.`,
    ...(after.length === 0 ? [] : [`Not merged after it: ${numbers(after)}.`]),
  ];
  return new TaskError(code, sentences.join(' '), {
    next,
    cause,
    details: { ...details, task: at?.id, merged: before.map(({ id }) => id), remaining: remaining.map(({ id }) => id) },
  });
}

function numbers(tasks: readonly TaskRecord[]): string {
  return tasks.map(({ number }) => `#${number}`).join(', ');
}
