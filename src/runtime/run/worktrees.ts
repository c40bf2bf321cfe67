import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { cleanMerged, mergeTask } from '../merge/merge.ts';
import { keepQuota } from '../worktrees/clean.ts';
import { commitWork } from '../worktrees/commit-work.ts';
import { prepareFolder } from '../worktrees/prepare.ts';
import { removeWorktree, whyKept } from '../worktrees/remove.ts';
import { branchRef } from '../worktrees/repository.ts';
import { isCheckout, openReview, type WorktreeContext } from '../worktrees/review.ts';

/** The worker's view of worktrees: before, during and after a run. */
export class Worktrees {
  private readonly context: WorktreeContext;

  constructor(context: WorktreeContext) {
    this.context = context;
  }

  /** As {@link prepareFolder}. */
  prepare(claimed: TaskRecord): Promise<string> {
    return prepareFolder(this.context, claimed);
  }

  /** After a successful turn: commits its changes to the task's branch, before a dependent builds on them. */
  async keep(taskId: string): Promise<void> {
    const task = this.context.store.view.byId(taskId);
    if (task === undefined || openWorkspace(task) === undefined) return;
    const review = await openReview(this.context, task);
    const { repository, workspace, folder, except } = review;
    if (!existsSync(folder) || !(await isCheckout(review))) {
      throw new TaskError('WorktreeMissing', `${folder} is no longer the worktree of this task.`, {
        next: [
          operationStep(`Restart the task from its branch ${workspace.branch}`, 'task.restart', {
            tasks: [task.number],
          }),
        ],
      });
    }
    await commitWork(repository.git.at(folder), task, workspace, except);
  }

  /**
   * After a run, while its lease is still held: removes a worktree without changes, and merges a result that does not
   * wait for a review.
   */
  async settle(taskId: string): Promise<void> {
    const { store } = this.context;
    const held = store.view.byId(taskId);
    if (held?.workspace === undefined) return;
    // The lease is the caller's own.
    const task: TaskRecord = { ...held, lease: undefined };
    await this.settleTask(task);
    await keepQuota(this.context);
  }

  private async settleTask(task: TaskRecord): Promise<void> {
    const { store, settings } = this.context;
    if (task.workspace?.merged_at !== undefined) await cleanMerged(this.context, task);
    if (task.status !== 'completed' || openWorkspace(task) === undefined) return;
    if (await this.removeEmpty(task)) return;
    if ((task.on_complete ?? settings.worktrees?.onComplete) !== 'merge') return;
    try {
      await mergeTask(this.context, task, { form: 'merge' });
    } catch (error) {
      const { message, next } = TaskError.from(error);
      await store.addLog(task.id, `Not merged: ${message}`, 'warn', { source: 'worktree', next });
    }
  }

  private async removeEmpty(task: TaskRecord): Promise<boolean> {
    const { repository, workspace, except } = await openReview(this.context, task);
    const tip = await repository.git.commit(branchRef(workspace));
    if (tip !== undefined && (await repository.git.tree(tip)) !== (await repository.git.tree(workspace.base_commit))) {
      return false;
    }
    if ((await whyKept(repository, workspace, workspace.base_commit, except)) !== undefined) return false;
    await removeWorktree(repository, workspace);
    await this.context.store.transact('worktree.empty', (draft) => {
      if (draft.byId(task.id) !== undefined) draft.patch(task.id, { workspace: undefined });
    });
    return true;
  }
}
