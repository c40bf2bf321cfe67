import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { type NextStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { SubmoduleResult, Workspace } from '../../core/task/workspace.ts';
import { isCheckout } from './checkout.ts';
import { pushLargeFiles } from './large-files.ts';
import { worktreeFolder } from './place.ts';
import { type ResultsContext, remoteOf } from './remote.ts';
import type { Repository } from './repository.ts';
import { deleteRef, pushUnderResults } from './result-ref.ts';
import {
  changedLinks,
  clone,
  cloneOf,
  declared,
  eachSubmodule,
  isKept,
  type Submodule,
  superproject,
} from './submodule-clones.ts';
import { fetchSubmodule, isNew, moduleIn, takeFromWorktree } from './submodule-fetch.ts';

/**
 * Pushes the commits of submodules that a commit names, and that the remotes of the submodules may lack. Each goes to the
 * remote of the person's own clone, never to an address that the commit declares.
 *
 * @throws TaskError `GitFailed` if a remote does not accept one, or a submodule with new commits has no remote
 */
export async function pushSubmodules(
  context: ResultsContext,
  repository: Repository,
  task: TaskRecord,
  workspace: Workspace,
  tip: string,
): Promise<void> {
  const { git } = repository;
  const known = await declared(git, tip);
  const changed = (await changedLinks(git, workspace.base_commit, tip)).map(({ path }) => path);
  const foreign = changed.find((path) => known.every((one) => one.path !== path));
  if (foreign !== undefined) throw notDeclared(task, foreign);
  if (known.length === 0) return;
  const worktree = await gitFolderOf(repository, workspace);
  const results = new Map((workspace.submodule_results ?? []).map((one) => [JSON.stringify(one.names), one]));
  await eachSubmodule(await superproject(repository), tip, async (submodule) => {
    const key = JSON.stringify(submodule.names);
    await takeFromWorktree(worktree, task, submodule);
    const pushed = await pushSubmodule({ context, task, worktree, changed }, submodule, results.get(key));
    if (pushed === undefined) return;
    results.set(key, pushed);
    // Before the next push: what is on a remote can be removed from there.
    await context.store.transact('worktree.push', (draft) => {
      const current = draft.byId(task.id)?.workspace;
      if (current?.branch !== workspace.branch) return;
      draft.patch(task.id, { workspace: { ...current, submodule_results: [...results.values()] } });
    });
  });
}

interface Pushing {
  readonly context: ResultsContext;
  readonly task: TaskRecord;
  /** The git folder of the worktree. */
  readonly worktree: string | undefined;
  /** Paths in the top superproject whose commit the task changed. */
  readonly changed: readonly string[];
}

async function pushSubmodule(
  { context, task, worktree, changed }: Pushing,
  submodule: Submodule,
  last: SubmoduleResult | undefined,
): Promise<SubmoduleResult | undefined> {
  const { own, commit, fullPath, names } = submodule;
  const there = worktree === undefined ? undefined : moduleIn(worktree, names);
  if (own === undefined) {
    if (there === undefined || !(await isNew(clone(submodule.parent.git, there).git, commit))) return undefined;
    throw notPushed(task, fullPath, 'your own checkout has not initialised it', [
      shellStep('Initialise it', `git submodule update --init --recursive -- "${fullPath}"`),
    ]);
  }
  const isChanged = changed.some((path) => `${fullPath}/`.startsWith(`${path}/`));
  try {
    await fetchSubmodule(context, task, submodule);
  } catch (error) {
    if (isChanged) throw error;
    // The task began with it: other machines find it, or do not, without this result.
    return undefined;
  }
  const remote = await remoteOf(own.git);
  if (remote === undefined) {
    if (!(await isNew(own.git, commit))) return undefined;
    throw notPushed(task, fullPath, 'your clone of it has no remote', [
      shellStep('Add the remote of the submodule', `git -C "${fullPath}" remote add origin URL`),
    ]);
  }
  if (last?.commit === commit || (await isKept(own.git, commit, [`--remotes=${remote.name}`]))) return undefined;
  await pushLargeFiles(remote, commit);
  const what = `The commit ${commit.slice(0, 12)} of the submodule ${fullPath}, which #${task.number} needs,`;
  const ref = await pushUnderResults(remote, { number: task.number, commit, last, what });
  return { names: [...names], ref, commit };
}

/**
 * Removes the commits of submodules from the remotes of the submodules, unless another process changed them there. Those of
 * a submodule that this machine does not have stay.
 *
 * @throws TaskError `GitFailed` without an answer of a remote
 */
export async function dropSubmodules(repository: Pick<Repository, 'git'>, workspace: Workspace): Promise<void> {
  const results = workspace.submodule_results ?? [];
  if (results.length === 0) return;
  const top = await superproject(repository);
  for (const { names, ref, commit } of results) {
    const own = await cloneOf(top, names);
    const remote = own === undefined ? undefined : await remoteOf(own.git);
    if (remote !== undefined) await deleteRef(remote, ref, commit);
  }
}

/** The git folder of the worktree of a task; undefined if there is no worktree. */
async function gitFolderOf(repository: Repository, workspace: Workspace): Promise<string | undefined> {
  const folder = worktreeFolder(repository, workspace);
  if (!existsSync(folder) || !(await isCheckout({ repository, folder }))) return undefined;
  return (await repository.git.at(folder).answers('--git-dir'))?.[0];
}

function notDeclared({ number }: TaskRecord, path: string): TaskError {
  return new TaskError(
    'GitFailed',
    `The result of #${number} cannot be pushed: ${path} is a separate repository, which .gitmodules does not declare, so that other machines could not get its files.`,
    {
      next: [
        textStep(`Remove "${path}/.git" in the worktree to have its files in the result, or delete the folder there.`),
      ],
    },
  );
}

function notPushed({ number }: TaskRecord, path: string, why: string, next: readonly NextStep[]): TaskError {
  const message = `The result of #${number} cannot be pushed: it has new commits of the submodule ${path}, and ${why}.`;
  return new TaskError('GitFailed', message, {
    next: [...next, textStep('The worker tries again, and the branch stays on this machine until then.')],
  });
}
