import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { cleanMerged, mergeTask } from '../merge/merge.ts';
import { keepQuota } from '../worktrees/clean.ts';
import { commitWork } from '../worktrees/commit-work.ts';
import { ensureWorktree, planWorkspace } from '../worktrees/create.ts';
import { removeWorktree, whyKept } from '../worktrees/remove.ts';
import { branchRef, findRepository, type Repository } from '../worktrees/repository.ts';
import { isCheckout, openReview, type WorktreeContext } from '../worktrees/review.ts';

/** Where a run works: what the worker asks before, during and after it. */
export class Worktrees {
  private readonly context: WorktreeContext;

  constructor(context: WorktreeContext) {
    this.context = context;
  }

  /**
   * The folder that the agent of a claimed task is to work in. Work that was begun is gone on with where it was begun,
   * or not at all.
   *
   * @throws TaskError `WorktreeConflict`, `WorktreeMissing` or `GitFailed`
   */
  async prepare(claimed: TaskRecord): Promise<string> {
    const { store, settings, logger } = this.context;
    const task = store.view.byId(claimed.id) ?? claimed;
    const begun = hasBegun(task);
    const open = openWorkspace(task);
    if (open === undefined && begun) return store.folder;
    if (open === undefined && (task.isolation ?? settings.isolation) === 'none') return store.folder;
    const repository = await findRepository(store.folder);
    if ('reason' in repository) {
      if (open === undefined) {
        logger.info(`#${task.number} runs in the folder itself: ${repository.reason}.`);
        return store.folder;
      }
      throw new TaskError('WorktreeMissing', `#${task.number} began in a worktree, and ${repository.reason}.`, {
        next: [
          textStep('Restore the repository, then resume the task.'),
          operationStep('Or cancel the task, then restart it', 'task.cancel', { tasks: [task.number] }),
        ],
      });
    }
    const workspace = open ?? (await this.plan(repository, task));
    const folder = await ensureWorktree(repository, workspace, {
      hasWork: begun,
      links: settings.worktrees?.link ?? [],
      logger,
    });
    const cwd = join(folder, repository.prefix);
    await mkdir(cwd, { recursive: true });
    return cwd;
  }

  /** A turn ended well: what it left uncommitted becomes a commit of the task's branch, before anything builds on it. */
  async keep(taskId: string): Promise<void> {
    const task = this.context.store.view.byId(taskId);
    if (task === undefined || openWorkspace(task) === undefined) return;
    const review = await openReview(this.context, task);
    const { repository, workspace, folder, except } = review;
    if (!existsSync(folder) || !(await isCheckout(review))) {
      throw new TaskError('WorktreeMissing', `${folder} is not the worktree of this task any more.`, {
        next: [
          operationStep(`Restart the task from its branch ${workspace.branch}`, 'task.restart', {
            tasks: [task.number],
          }),
        ],
      });
    }
    await commitWork(repository.git.at(folder), task, workspace, except);
  }

  /** A run is over, and its lease still held: a worktree without changes goes, and a result that is to be merged at once is. */
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

  private async plan(repository: Repository, task: TaskRecord): Promise<NonNullable<TaskRecord['workspace']>> {
    const { store } = this.context;
    const dependencies = task.depends_on.flatMap((id) => store.view.dependency(id) ?? []);
    for (const dependency of dependencies) await this.keepAtRest(dependency);
    const workspace = await planWorkspace(repository, task, dependencies);
    // Noted before it is made: what a crash leaves half-made is known, and finished by the next run.
    await store.transact('worktree.plan', (draft) => {
      if (draft.byId(task.id) !== undefined) draft.patch(task.id, { workspace });
    });
    return workspace;
  }

  /** A dependency that a person completed may have work that no turn has committed. */
  private async keepAtRest(dependency: TaskRecord): Promise<void> {
    if (dependency.lease !== undefined || openWorkspace(dependency) === undefined) return;
    const review = await openReview(this.context, dependency);
    if (existsSync(review.folder) && (await isCheckout(review))) await this.keep(dependency.id);
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

/** True when an agent has worked on the task since it was last put back to its start. */
function hasBegun({ started_at: since, executions }: TaskRecord): boolean {
  return since !== undefined && executions.some((run) => run.session_id !== undefined && run.started_at >= since);
}
