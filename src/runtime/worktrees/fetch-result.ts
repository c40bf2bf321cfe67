import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { isCheckout } from './checkout.ts';
import { firstLines } from './git.ts';
import { worktreeFolder } from './place.ts';
import { type Remote, type ResultsContext, resultsRemote } from './remote.ts';
import { keepFor30Days } from './remove.ts';
import { branchRef, type Repository, registered } from './repository.ts';

/** Fetched commits until a branch has them. */
const FETCHED = 'refs/systemprompt/fetched';

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
  await advance(repository, task, workspace, local, result.commit);
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
  const aside = `${FETCHED}/${number}-${randomBytes(6).toString('hex')}`;
  try {
    const words = [
      '--quiet',
      '--no-tags',
      '--no-prune',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--refmap=',
    ];
    const fetched = await remote.git.try(['fetch', ...words, remote.name, `+${ref}:${aside}`]);
    if (fetched.code !== 0) throw notFetched(remote, number, firstLines(fetched.stderr));
    if (!(await git.isAncestor(commit, aside))) {
      throw notFetched(remote, number, `${ref} does not contain the commit ${commit.slice(0, 12)} of the task`);
    }
  } finally {
    await git.try(['update-ref', '-d', aside]);
  }
}

/** Sets the branch, and its worktree on this machine, to a fetched commit. */
async function advance(
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
    const words = ['--ff-only', '--no-overwrite-ignore', '--no-autostash', '--no-stat', '--quiet', commit];
    const moved = follows ? await git.at(folder).try(['merge', ...words]) : undefined;
    if (moved?.code === 0) return;
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

function notFetched({ name }: Remote, number: number, why: string): TaskError {
  return new TaskError('GitFailed', `The result of #${number} could not be fetched from "${name}": ${why}.`, {
    next: [textStep('Check the remote and your access to it with "git fetch", and try again.')],
  });
}
