import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { type NextStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { fetchRef, plainFetch } from './fetch-ref.ts';
import { firstLines, type Git } from './git.ts';
import { copyLargeFiles, fetchLargeFiles } from './large-files.ts';
import { areExchanged, type ResultsContext, remoteOf, wary } from './remote.ts';
import { KEEP_MS } from './remove.ts';
import type { Repository } from './repository.ts';
import {
  changedLinks,
  declared,
  eachSubmodule,
  isGitFolder,
  isKept,
  type Submodule,
  superproject,
} from './submodule-clones.ts';

/** In the person's clone of a submodule: commits that a commit of the superproject names, and no branch has. */
const NAMED = 'refs/systemprompt/submodules';
/** Refs that stay when the person checks out something else. */
const lasting = ['--branches', '--tags', '--remotes', '--glob=refs/systemprompt/*'];
const personal = ['HEAD', '--branches', '--tags', '--remotes'];

/**
 * Fetches the commits of submodules that a commit names and the person's clones lack: from the refs that machines of the
 * store pushed, else from the branches of the submodule's remote. Skips submodules that the person has not initialised.
 *
 * @param since only the submodules that differ from this commit; all of them by default
 * @throws TaskError `GitFailed` if a commit cannot be fetched
 */
export async function fetchSubmodules(
  context: ResultsContext,
  repository: Pick<Repository, 'git'>,
  task: TaskRecord,
  commit: string,
  since?: string,
): Promise<void> {
  const { git } = repository;
  if (!areExchanged(context) || (await declared(git, commit)).length === 0) return;
  const links = since === undefined ? undefined : await changedLinks(git, since, commit);
  if (links?.length === 0) return;
  const only = links === undefined ? undefined : new Set(links.map(({ path }) => path));
  const failures: unknown[] = [];
  const visit = (submodule: Submodule): Promise<void> =>
    fetchSubmodule(context, task, submodule).catch((error: unknown) => void failures.push(error));
  await eachSubmodule(await superproject(repository), commit, visit, only);
  if (failures.length > 0) throw failures[0];
}

/**
 * Fetches the commit of one submodule unless the person's clone has it, and keeps it there.
 *
 * @throws TaskError `GitFailed` if it cannot be fetched
 */
export async function fetchSubmodule(context: ResultsContext, task: TaskRecord, submodule: Submodule): Promise<void> {
  const { own, commit } = submodule;
  if (own === undefined) return;
  if ((await own.git.commit(commit)) === undefined) await fetchMissing(context, task, submodule, own.git);
  else if (!(await isKept(own.git, commit, lasting)))
    await own.git.text(['update-ref', keeper(task, commit), commit, '']);
}

async function fetchMissing(context: ResultsContext, task: TaskRecord, submodule: Submodule, own: Git): Promise<void> {
  const { commit, fullPath } = submodule;
  const remote = await remoteOf(own);
  if (remote === undefined) {
    throw notFetched(submodule, task, 'your clone of it has no remote', [
      shellStep('Add the remote of the submodule', `git -C "${fullPath}" remote add origin URL`),
    ]);
  }
  let why = `no branch of "${remote.name}" contains the commit ${commit.slice(0, 12)}`;
  for (const ref of pushedRefs(context, task, submodule)) {
    const failed = await fetchRef(remote, ref, commit, keeper(task, commit));
    if (failed === undefined) {
      await fetchLargeFiles(remote, commit).catch((error: unknown) => {
        context.logger.warn(`The files of Git LFS of the submodule ${fullPath} could not be downloaded.`, error);
      });
      return;
    }
    why = failed;
  }
  const words = plainFetch.filter((word) => word !== '--refmap=');
  const { code, stderr } = await remote.git.try(['fetch', ...words, remote.name]);
  if (await isKept(own, commit, lasting)) return;
  throw notFetched(submodule, task, code === 0 ? why : firstLines(stderr), [
    textStep(`Check the remote of the submodule and your access to it with "git -C ${fullPath} fetch", and try again.`),
  ]);
}

/** The refs under which the machines of the store pushed this commit, or an earlier or later one of the same task. */
function pushedRefs({ store }: ResultsContext, { id }: TaskRecord, { names, commit }: Submodule): Set<string> {
  const isSame = (other: readonly string[]): boolean => JSON.stringify(other) === JSON.stringify(names);
  const pushed = [...store.view.all()].flatMap((task) =>
    (task.workspace?.submodule_results ?? [])
      .filter((result) => isSame(result.names))
      .map((result) => ({ ref: result.ref, isExact: result.commit === commit, isOwn: task.id === id })),
  );
  return new Set(
    [...pushed.filter(({ isExact }) => isExact), ...pushed.filter(({ isOwn }) => isOwn)].map((one) => one.ref),
  );
}

/**
 * Copies the commit of a submodule from the worktree in which an agent made it to the person's clone. Without effect if
 * the clone has it, or the worktree does not.
 *
 * @param worktree the git folder of the worktree; undefined without one
 */
export async function takeFromWorktree(
  worktree: string | undefined,
  { number }: Pick<TaskRecord, 'number'>,
  { own, names, commit }: Submodule,
): Promise<void> {
  const there = worktree === undefined ? undefined : moduleIn(worktree, names);
  if (own === undefined || there === undefined || (await isKept(own.git, commit, lasting))) return;
  const local = own.git.configured([...wary, ['protocol.file.allow', 'always'], ['protocol.version', '2']]);
  await local.try(['fetch', ...plainFetch, there, `${commit}:${keeper({ number }, commit)}`]);
  await copyLargeFiles(there, own.gitFolder);
}

/** The git folder of a submodule in a worktree, unless it is a link: its content would be that of another repository. */
export function moduleIn(worktree: string, names: readonly string[]): string | undefined {
  const steps = names.flatMap((name) => ['modules', name]);
  const folder = join(worktree, ...steps);
  const isReal = isGitFolder(folder) && realpathSync(folder) === join(realpathSync(worktree), ...steps);
  return isReal ? folder : undefined;
}

/** True for a commit that is on no branch of the person's clone: an agent made it. */
export async function isNew(git: Git, commit: string): Promise<boolean> {
  return !(await isKept(git, commit, personal));
}

function keeper({ number }: Pick<TaskRecord, 'number'>, commit: string): string {
  return `${NAMED}/${number}-${commit.slice(0, 12)}-${Date.now()}`;
}

/**
 * Deletes refs that keep commits of submodules and are older than 30 days, if a branch has the commit or no commit of the
 * superproject names it.
 */
export async function expireSubmodules(repository: Repository, now: number): Promise<void> {
  await eachSubmodule(await superproject(repository), repository.head, async ({ own, parent }) => {
    if (own === undefined) return;
    const listed = await own.git.text(['for-each-ref', '--format=%(refname) %(objectname)', NAMED]);
    for (const line of listed.split('\n').filter((each) => each !== '')) {
      const [ref = '', commit = ''] = line.split(' ');
      if (now - Number(/-(\d{13})$/.exec(ref)?.[1] ?? now) <= KEEP_MS) continue;
      const named = parent.git.text(['log', '--max-count=1', '--all', `--find-object=${commit}`, '--format=%H']);
      if ((await isKept(own.git, commit, personal.slice(1))) || (await named) === '') {
        await own.git.try(['update-ref', '-d', ref, commit]);
      }
    }
  });
}

function notFetched(
  { fullPath, commit }: Submodule,
  { number }: TaskRecord,
  why: string,
  next: readonly NextStep[],
): TaskError {
  const message = `The commit ${commit.slice(0, 12)} of the submodule ${fullPath}, which #${number} needs, could not be fetched: ${why}.`;
  return new TaskError('GitFailed', message, { next: [...next] });
}
