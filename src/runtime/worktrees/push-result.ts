import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { checkpointRef } from '../../core/task/checkpoint.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { firstLines, type Git } from './git.ts';
import { type Remote, type ResultsContext, resultsRemote } from './remote.ts';
import { branchRef, type Repository } from './repository.ts';

const RESULTS = 'refs/systemprompt/results';
/** Names to try for a result: other stores may use the same remote and the same numbers. */
const NAMES = 50;

/**
 * Pushes the branch of a task and its checkpoints, so that other machines can continue from them. Does nothing in a store
 * of one machine, without a remote, and for a branch that was pushed already.
 *
 * @throws TaskError `GitFailed` if the remote does not accept it; the branch stays here
 */
export async function pushResult(
  context: ResultsContext,
  repository: Pick<Repository, 'git'>,
  task: TaskRecord,
): Promise<void> {
  const workspace = openWorkspace(task);
  if (workspace === undefined) return;
  const remote = await resultsRemote(context, repository);
  if (remote === undefined) return;
  const tip = await repository.git.commit(branchRef(workspace));
  if (tip === undefined || tip === workspace.result?.commit) return;
  // The branch here is behind, because the task ran on another machine in the meantime.
  if (workspace.result !== undefined && !(await repository.git.isAncestor(workspace.result.commit, tip))) return;
  await pushLargeFiles(remote, workspace, tip);
  const ref = await pushTo(remote, task, workspace, tip);
  await context.store.transact('worktree.push', (draft) => {
    const current = draft.byId(task.id)?.workspace;
    if (current?.branch !== workspace.branch || current.result?.commit !== workspace.result?.commit) return;
    draft.patch(task.id, { workspace: { ...current, result: { ref, commit: tip } } });
  });
}

/** @returns the ref on the remote: that of the last push if nothing else changed it, else a new one */
async function pushTo(remote: Remote, task: TaskRecord, { result }: Workspace, tip: string): Promise<string> {
  const checkpoints = await checkpointsOf(remote.git, task);
  const first = `${RESULTS}/${task.number}`;
  const fresh = Array.from({ length: NAMES }, (_, at) => (at === 0 ? first : `${first}-${at + 1}`));
  const names = result === undefined ? fresh : [result.ref, ...fresh.filter((ref) => ref !== result.ref)];
  for (const ref of names) {
    // Without an expected commit, git only creates.
    const expected = ref === result?.ref ? result.commit : '';
    const leases = [`--force-with-lease=${ref}:${expected}`, ...checkpoints.map((one) => `--force-with-lease=${one}:`)];
    const refs = [`${tip}:${ref}`, ...checkpoints.map((one) => `${one}:${one}`)];
    const words = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no', '--no-signed'];
    const { stdout, stderr } = await remote.git.try(['push', ...words, ...leases, remote.name, ...refs]);
    const line = stdout.split('\n').find((each) => each.split('\t')[1]?.endsWith(`:${ref}`) === true);
    if (line !== undefined && !line.startsWith('!')) return ref;
    // Another store, or another run, has this name on the remote: its commits stay.
    if (line !== undefined && /stale info|already exists|non-fast-forward|fetch first/.test(line)) continue;
    throw refused(remote, task, firstLines(line ?? stderr));
  }
  throw refused(remote, task, `the names ${first} to ${names.at(-1)} are in use`);
}

async function checkpointsOf(git: Git, task: TaskRecord): Promise<string[]> {
  const kept = (task.checkpoints ?? []).filter(({ commit }) => commit !== undefined);
  const wanted = new Set(kept.map(({ number }) => checkpointRef(task.id, number)));
  if (wanted.size === 0) return [];
  const found = await git.text(['for-each-ref', '--format=%(refname)', ...wanted]);
  return found.split('\n').filter((ref) => wanted.has(ref));
}

/** Hooks do not run, and Git LFS uploads files in one. */
async function pushLargeFiles({ git, name }: Remote, workspace: Workspace, tip: string): Promise<void> {
  const uses = await git.try(['grep', '--quiet', 'filter=lfs', tip, '--', '.gitattributes', '**/.gitattributes']);
  if (uses.code !== 0 || (await git.try(['config', '--get', 'filter.lfs.clean'])).code !== 0) return;
  await git.text(['lfs', 'push', name, workspace.branch]);
}

function refused({ name }: Remote, task: TaskRecord, why: string): TaskError {
  return new TaskError('GitFailed', `The result of #${task.number} could not be pushed to "${name}": ${why}`, {
    next: [textStep('Fix what git reports. The worker tries again, and the branch stays on this machine until then.')],
  });
}
