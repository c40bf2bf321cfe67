import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { keepFor30Days, removeWorktree, whyKept } from './remove.ts';
import { openReview, reviewTip, type WorktreeContext } from './review.ts';
import { dropResult } from './shared-results.ts';

/** The worktree of a task that is about to be deleted. */
export interface Leaving {
  /** The new place of its unmerged work, or the reason why the worktree stays; undefined if neither applies. */
  readonly words: string | undefined;
  /** Removes the worktree after the task. */
  remove(): Promise<void>;
}

const nothing: Leaving = { words: undefined, remove: async () => {} };

/** Saves unmerged work under a ref before the task that refers to it is deleted. */
export async function leaveWorktree(context: WorktreeContext, task: TaskRecord): Promise<Leaving> {
  const { workspace } = task;
  if (workspace === undefined || task.lease !== undefined) return nothing;
  try {
    const open = openWorkspace(task) !== undefined;
    const review = await openReview(context, {
      ...task,
      workspace: { ...workspace, merged_at: undefined, discarded_ref: undefined },
    });
    const { repository, except } = review;
    const { git, head } = repository;
    const tip = open
      ? await reviewTip(review, task)
      : await git.commit(workspace.merged_commit ?? workspace.discarded_ref ?? '');
    if (tip === undefined) return nothing;
    const why = await whyKept(repository, workspace, tip, except);
    if (why !== undefined) return { ...nothing, words: `The worktree of #${task.number} stays: ${why}.` };
    const remove = async (): Promise<void> => {
      await removeWorktree(repository, workspace);
      await dropResult(context, repository, task);
    };
    if (!open || (await git.isAncestor(tip, head))) return { words: undefined, remove };
    if ((await git.tree(tip)) === (await git.tree(workspace.base_commit))) return { words: undefined, remove };
    const ref = await keepFor30Days(repository, task.number, tip);
    const words = `The changes of #${task.number} are kept for 30 days; it comes back with: git branch NAME ${ref}`;
    return { words, remove };
  } catch (error) {
    // The task can still be deleted, and its worktree stays.
    return { ...nothing, words: `The worktree of #${task.number} stays: ${TaskError.from(error).message}` };
  }
}
