import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { wonRace } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { cleanMerged, mergeTask } from '../merge/merge.ts';
import { adoptPart } from '../merge/merge-parts.ts';
import { discardLoser, finishPicks } from '../merge/pick.ts';
import { isCheckout } from '../worktrees/checkout.ts';
import { keepQuota } from '../worktrees/clean.ts';
import { commitWork } from '../worktrees/commit-work.ts';
import { taskChanges } from '../worktrees/diff.ts';
import { type Elsewhere, whyElsewhere } from '../worktrees/here.ts';
import { removeLeftovers } from '../worktrees/leftovers.ts';
import { prepareFolder } from '../worktrees/prepare.ts';
import { pushResult } from '../worktrees/push-result.ts';
import { removeWorktree, whyKept } from '../worktrees/remove.ts';
import { branchRef, findRepository, type Repository } from '../worktrees/repository.ts';
import { openReview, type WorktreeContext } from '../worktrees/review.ts';
import { dropResult, shareResults } from '../worktrees/shared-results.ts';

/** Limits of the diff in a prompt. */
const PROMPT_CHARS = 20_000;
const PROMPT_FILES = 200;

/** The worker's view of worktrees: before, during and after a run. */
export class Worktrees {
  private readonly context: WorktreeContext;
  /** The last failure of each task, by its number. */
  private readonly unshared = new Map<number, string>();

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
    await this.push(repository, task);
  }

  /** The diff of a task for the agent of its next step, cut at its end. Undefined without a worktree or changes. */
  async changes(task: TaskRecord): Promise<string | undefined> {
    if (openWorkspace(task) === undefined) return undefined;
    try {
      const { files, patch } = await taskChanges(this.context, task, { detail: 'patch' });
      if (files.length === 0) return undefined;
      const names = files.map(({ path, change }) => `${change}: ${path}`).slice(0, PROMPT_FILES);
      const text = patch.length > PROMPT_CHARS ? `${patch.slice(0, PROMPT_CHARS)}\n… (cut)` : patch;
      return `${names.join('\n')}\n\n${text}`;
    } catch (error) {
      this.context.logger.warn(`The changes of #${task.number} could not be read for its next phase.`, error);
      return undefined;
    }
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
    const after = store.view.byId(taskId);
    if (after !== undefined && store.coordination.isShared) {
      const repository = await findRepository(store.folder);
      if (!('reason' in repository)) await this.push(repository, after);
    }
    await keepQuota(this.context);
  }

  /** Finishes the picks of races and the removals of worktrees that a crash interrupted. */
  async finishInterrupted(): Promise<void> {
    await finishPicks(this.context);
    await removeLeftovers(this.context, this.context.store.view.all());
  }

  /** Why a worker here leaves a task of a shared store to another machine; undefined if the task can run here. */
  whyElsewhere(task: TaskRecord): Promise<Elsewhere | undefined> {
    return whyElsewhere(this.context, task);
  }

  /** Repeats pushes that failed, and removes expired results from the remote. Never rejects. */
  async shareResults(): Promise<void> {
    const { logger } = this.context;
    const failed = ({ number }: TaskRecord, error: unknown): void => {
      const { message } = TaskError.from(error);
      if (this.unshared.get(number) !== message) logger.warn(`#${number} is not shared with other machines.`, error);
      this.unshared.set(number, message);
    };
    await shareResults(this.context, failed).catch((error: unknown) => {
      logger.warn('Results could not be shared with other machines.', error);
    });
  }

  /** Pushes the branch for other machines. A failure does not end the task: the worker tries again. */
  private async push(repository: Repository, task: TaskRecord): Promise<void> {
    await pushResult(this.context, repository, task).catch(async (error: unknown) => {
      const { message, next } = TaskError.from(error);
      await this.context.store.addLog(task.id, message, 'warn', { source: 'worktree', next });
    });
  }

  private async settleTask(task: TaskRecord): Promise<void> {
    const { store, settings } = this.context;
    if (task.workspace?.merged_at !== undefined) await cleanMerged(this.context, task);
    await discardLoser(this.context, task);
    if (task.status !== 'completed' || openWorkspace(task) === undefined) return;
    if (await this.removeEmpty(task)) return;
    const race = wonRace(task, (id) => store.view.byId(id));
    if (race === undefined && (task.on_complete ?? settings.worktrees?.onComplete) !== 'merge') return;
    try {
      // An entrant that was picked before its session ended.
      if (race !== undefined) await adoptPart(this.context, race, task);
      else await mergeTask(this.context, task, { form: 'merge' });
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
    await dropResult(this.context, repository, task).catch((error: unknown) => {
      this.context.logger.warn(`An empty result of #${task.number} stays on the remote.`, error);
    });
    await this.context.store.transact('worktree.empty', (draft) => {
      if (draft.byId(task.id) !== undefined) draft.patch(task.id, { workspace: undefined });
    });
    return true;
  }
}
