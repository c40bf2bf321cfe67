import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { Settings } from '../settings/settings.ts';
import { commitWork } from './commit-work.ts';
import { branchRef, findRepository, type Repository, worktreeFolder } from './repository.ts';
import { ownPaths } from './snapshot.ts';

/** What everything about worktrees works with. */
export interface WorktreeContext {
  readonly store: TaskStore;
  readonly settings: Pick<Settings, 'isolation' | 'worktrees' | 'checkpoints'>;
  readonly logger: Logger;
}

/** A task's work that is neither merged nor discarded. */
export interface Review {
  readonly repository: Repository;
  readonly workspace: Workspace;
  readonly folder: string;
  /** What is in the folder and no part of the work. */
  readonly except: readonly string[];
}

/** @throws TaskError `GitFailed` when the folder is no repository any more */
export async function requireRepository(context: WorktreeContext): Promise<Repository> {
  const found = await findRepository(context.store.folder);
  if (!('reason' in found)) return found;
  throw new TaskError('GitFailed', `Worktrees are not possible here: ${found.reason}.`, {
    next: [textStep('Work that is in a worktree stays where it is.')],
  });
}

/** @throws TaskError `NothingToReview` for a task without a worktree, or one whose work is merged or discarded */
export async function openReview(context: WorktreeContext, task: TaskRecord): Promise<Review> {
  const workspace = openWorkspace(task);
  if (workspace === undefined) throw nothingToReview(task);
  const repository = await requireRepository(context);
  return {
    repository,
    workspace,
    folder: worktreeFolder(repository, workspace),
    except: ownPaths(repository.prefix, context.settings.worktrees?.link ?? []),
  };
}

/**
 * The tip of the task's branch, with what was not committed yet.
 *
 * @throws TaskError `WorktreeMissing` when neither worktree nor branch is there
 */
export async function reviewTip(review: Review, task: TaskRecord): Promise<string> {
  const { repository, workspace, folder, except } = review;
  if (existsSync(folder) && (await isCheckout(review))) {
    return commitWork(repository.git.at(folder), task, workspace, except);
  }
  const tip = await repository.git.commit(branchRef(workspace));
  if (tip !== undefined) return tip;
  throw new TaskError('WorktreeMissing', `The branch ${workspace.branch} of #${task.number} is gone.`, {
    next: [
      shellStep('Find its commits and restore the branch', 'git reflog'),
      operationStep('Discard the work', 'task.discard', { task: task.number, yes: true }),
    ],
  });
}

/**
 * False for a folder that lost its link to the repository: git would take the person's own checkout for it, or a
 * repository that the agent made there.
 */
export async function isCheckout({ repository, folder }: Pick<Review, 'repository' | 'folder'>): Promise<boolean> {
  const words = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--git-dir', '--show-cdup'];
  const [found, own] = await Promise.all([repository.git.at(folder).try(words), repository.git.try(words)]);
  const [common, gitDir, up] = found.stdout.split('\n');
  const [ownCommon, ownDir] = own.stdout.split('\n');
  return found.code === 0 && up === '' && common === ownCommon && gitDir !== ownDir;
}

/** @throws TaskError `TaskRunning` while an agent works in the worktree */
export function requireAtRest(task: TaskRecord): void {
  if (task.lease === undefined || task.status === 'completed_active') return;
  throw new TaskError('TaskRunning', `#${task.number} is being worked on.`, {
    next: [textStep('Wait until its turn has ended, or pause or cancel it first.')],
  });
}

function nothingToReview(task: TaskRecord): TaskError {
  const { workspace } = task;
  const why =
    workspace?.merged_at !== undefined
      ? 'is merged already'
      : workspace?.discarded_ref !== undefined
        ? `was discarded; ${workspace.discarded_ref} keeps it for 30 days`
        : 'has no worktree: it has not run, changed nothing, or ran in the folder itself';
  return new TaskError('NothingToReview', `#${task.number} ${why}.`, {
    next: [operationStep('List the worktrees that wait for a review', 'worktrees')],
  });
}
