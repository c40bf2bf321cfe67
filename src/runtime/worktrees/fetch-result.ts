import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { isCheckout } from './checkout.ts';
import { fetchRef } from './fetch-ref.ts';
import { firstLines } from './git.ts';
import { fetchLargeFiles } from './large-files.ts';
import { worktreeFolder } from './place.ts';
import { type Remote, type ResultsContext, resultsRemote } from './remote.ts';
import { keepFor30Days } from './remove.ts';
import { branchRef, type Repository, registered } from './repository.ts';
import { fetchSubmodules } from './submodule-fetch.ts';
import { moveSubmodules } from './submodule-move.ts';

/**
 * Updates the branch of a task to the result that another machine pushed, and fetches it if necessary. The store names
 * the commit, so that a remote cannot deliver another one. Does nothing if the branch is up to date or has newer work.
 *
 * @throws TaskError `GitFailed` if the remote does not have the result, `WorktreeConflict` if the worktree has other work
 */
export async function fetchResult(context: ResultsContext, repository: Repository, task: TaskRecord): Promise<void> {
  const { workspace } = task;
  const result = workspace?.result;
  if (workspace === undefined || result === undefined || !context.store.coordination.isShared) return;
  const { git } = repository;
  if (openWorkspace(task) === undefined) {
    await fetchCommit(context, repository, task, result.ref, workspace.merged_commit ?? result.commit);
    return;
  }
  const ref = branchRef(workspace);
  const local = await git.commit(ref);
  if (local === result.commit) return;
  await fetchCommit(context, repository, task, result.ref, result.commit);
  if (local !== undefined && (await git.isAncestor(result.commit, local))) return;
  await advance(context, repository, task, workspace, local, result.commit);
}

/**
 * Fetches a commit unless it is here already.
 *
 * @throws TaskError `GitFailed` if the remote has another commit at this ref
 */
export async function fetchCommit(
  context: ResultsContext,
  repository: Pick<Repository, 'git'>,
  { number }: Pick<TaskRecord, 'number'>,
  ref: string,
  commit: string,
): Promise<void> {
  const { git } = repository;
  if ((await git.commit(commit)) !== undefined) return;
  const remote = await resultsRemote(context, repository);
  if (remote === undefined) {
    throw new TaskError('GitFailed', `#${number} ran on another machine, and this repository has no remote for it.`, {
      next: [shellStep('Add the remote to which that machine pushes', 'git remote add origin URL')],
    });
  }
  const why = await fetchRef(remote, ref, commit);
  if (why !== undefined) throw notFetched(remote, number, why);
  await fetchLargeFiles(remote, commit).catch((error: unknown) => {
    context.logger.warn(`The files of Git LFS of #${number} could not be downloaded.`, error);
  });
}

/** Sets the branch, and its worktree on this machine, to a fetched commit. */
async function advance(
  context: ResultsContext,
  repository: Repository,
  task: TaskRecord,
  workspace: Workspace,
  local: string | undefined,
  commit: string,
): Promise<void> {
  const { git } = repository;
  const folder = worktreeFolder(repository, workspace);
  const follows = local !== undefined && (await git.isAncestor(local, commit));
  if (existsSync(folder) && (await isCheckout({ repository, folder }))) {
    if (follows && (await moveWorktree(context, repository, task, { folder, local, commit }))) return;
    throw new TaskError(
      'WorktreeConflict',
      `#${task.number} ran on another machine, and its worktree here has other work: ${folder}.`,
      {
        next: [
          textStep(`Save what you need from ${folder}.`),
          shellStep('Remove the worktree, and try again', `git worktree remove --force "${folder}"`),
        ],
      },
    );
  }
  const ref = branchRef(workspace);
  // A branch of an earlier attempt with the same name.
  if (local !== undefined && !follows) await keepFor30Days(repository, task.number, local);
  if (existsSync(folder) === false && (await registered(repository, folder)) !== undefined)
    await git.text(['worktree', 'prune']);
  const { code, stderr } = await git.try(['update-ref', ref, commit, local ?? '']);
  if (code === 0 || (await git.commit(ref)) === commit) return;
  throw new TaskError('GitFailed', `git update-ref failed: ${firstLines(stderr)}`, {
    next: [textStep('Try again. Nothing of the task was changed.')],
  });
}

/** False, with the branch where it was, if the worktree has other work. */
async function moveWorktree(
  context: ResultsContext,
  repository: Repository,
  task: TaskRecord,
  { folder, local, commit }: { readonly folder: string; readonly local: string; readonly commit: string },
): Promise<boolean> {
  await fetchSubmodules(context, repository, task, commit, local);
  if (!(await moveSubmodules(repository, folder, local, commit))) return false;
  const words = ['--ff-only', '--no-overwrite-ignore', '--no-autostash', '--no-stat', '--quiet', commit];
  return (await repository.git.at(folder).try(['merge', ...words])).code === 0;
}

function notFetched({ name }: Remote, number: number, why: string): TaskError {
  return new TaskError('GitFailed', `The result of #${number} could not be fetched from "${name}": ${why}.`, {
    next: [textStep('Check the remote and your access to it with "git fetch", and try again.')],
  });
}
