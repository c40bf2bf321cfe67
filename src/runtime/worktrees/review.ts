import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { type NextStep, operationStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { Settings } from '../settings/settings.ts';
import { isCheckout } from './checkout.ts';
import { commitWork } from './commit-work.ts';
import { fetchResult } from './fetch-result.ts';
import { worktreeFolder } from './place.ts';
import { branchRef, findRepository, type Repository } from './repository.ts';
import { ownPaths } from './snapshot.ts';

/** The services that every function about worktrees needs. */
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
  /** Paths in the folder that are not part of the work. */
  readonly except: readonly string[];
  /** Folders that are linked into checkouts: where they are, and their path from the top of a checkout. */
  readonly links: readonly (readonly [from: string, to: string])[];
}

/** @throws TaskError `GitFailed` when git cannot use a repository here */
export async function requireRepository(context: WorktreeContext): Promise<Repository> {
  const found = await findRepository(context.store.folder);
  if (!('reason' in found)) return found;
  throw new TaskError('GitFailed', `Git cannot be used here: ${found.reason}.`, {
    next: [textStep(found.fix), textStep('Changes in worktrees stay where they are.')],
  });
}

/**
 * @param known the repository, if the caller has just found it
 * @throws TaskError `NothingToReview` for a task without a worktree, or one whose work is merged or discarded
 */
export async function openReview(context: WorktreeContext, task: TaskRecord, known?: Repository): Promise<Review> {
  const workspace = openWorkspace(task);
  if (workspace === undefined) throw nothingToReview(task);
  const repository = known ?? (await requireRepository(context));
  await fetchResult(context, repository, task);
  return {
    repository,
    workspace,
    folder: worktreeFolder(repository, workspace),
    except: ownPaths(repository.prefix, context.settings.worktrees?.link ?? []),
    links: (context.settings.worktrees?.link ?? []).map((path) => [
      join(repository.folder, path),
      `${repository.prefix}${path}`,
    ]),
  };
}

/**
 * The tip of the task's branch, after committing uncommitted changes.
 *
 * @throws TaskError `WorktreeMissing` if neither the worktree nor the branch exists
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

/** @throws TaskError `TaskRunning` while an agent works in the worktree */
export function requireAtRest(task: TaskRecord): void {
  if (task.lease === undefined || task.status === 'completed_active') return;
  throw new TaskError('TaskRunning', `An agent is working on #${task.number}.`, {
    next: [textStep('Wait until its turn ends, or pause or cancel it first.')],
  });
}

function nothingToReview(task: TaskRecord): TaskError {
  const { workspace } = task;
  const number = task.number;
  const refuse = (why: string, next: readonly NextStep[]): TaskError =>
    new TaskError('NothingToReview', `#${number} ${why}.`, { next: [...next] });
  if (workspace?.merged_at !== undefined)
    return refuse('is already merged', [operationStep('Show its changes', 'task.diff', { task: number })]);
  if (workspace?.discarded_ref !== undefined) {
    const ref = workspace.discarded_ref;
    return refuse(`was discarded; ${ref} keeps it for 30 days`, [shellStep('Get it back', `git branch NAME ${ref}`)]);
  }
  if (task.executions.length === 0) {
    const canStart = task.kind !== 'group' && task.status === 'pending';
    return refuse(
      'has nothing to review: it has not run',
      canStart ? [operationStep('Start it', 'task.start', { tasks: [number] })] : [],
    );
  }
  return refuse('has nothing to review: it changed no file, or worked in the folder itself', [
    operationStep('Show its log', 'task.logs', { task: number }),
  ]);
}
