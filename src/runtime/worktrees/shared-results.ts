import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { pushResult } from './push-result.ts';
import { type Remote, type ResultsContext, resultsRemote } from './remote.ts';
import { KEEP_MS } from './remove.ts';
import { branchRef, findRepository, type Repository } from './repository.ts';
import { RESULTS } from './result-ref.ts';
import { dropSubmodules } from './submodule-push.ts';

const CHECKPOINTS = 'refs/systemprompt/checkpoints';
/** Between looks at the archive, which read all of it. */
const ARCHIVE_MS = 24 * 60 * 60_000;
/** The time of the last look of each store. */
const looked = new WeakMap<ResultsContext['store'], number>();

/**
 * Pushes finished work of this machine that is not on the remote yet, for example after a lost connection, and removes
 * expired results from the remote.
 *
 * @param failed called with each task whose result could not be pushed or removed
 */
export async function shareResults(
  context: ResultsContext,
  failed: (task: TaskRecord, error: unknown) => void,
): Promise<void> {
  const { store } = context;
  if (!store.coordination.isShared) return;
  const repository = await findRepository(store.folder);
  const remote = 'reason' in repository ? undefined : await resultsRemote(context, repository);
  if ('reason' in repository || remote === undefined) return;
  const tips = await branchTips(repository);
  // The clock of the store: that of this machine may be wrong.
  const now = Date.parse(await store.transact('worktree.time', ({ at }) => at));
  for (const task of [...store.view.all()]) {
    const { workspace } = task;
    if (workspace === undefined || task.lease !== undefined) continue;
    const tip = tips.get(branchRef(workspace));
    const isNew = openWorkspace(task) !== undefined && tip !== undefined && tip !== workspace.result?.commit;
    if (isNew) await pushResult(context, repository, task).catch((error: unknown) => failed(task, error));
    else if (hasExpired(workspace, now)) {
      await dropResult(context, repository, task).catch((error: unknown) => failed(task, error));
    }
  }
  if (now - (looked.get(store) ?? 0) < ARCHIVE_MS) return;
  await dropArchived(context, repository, remote, now).then(
    () => looked.set(store, now),
    (error: unknown) => context.logger.debug('Results of archived tasks stay until the remote answers.', error),
  );
}

/** Removes expired results of archived tasks. Their records stay as they are; the remote shows which results are left. */
async function dropArchived(
  { store }: ResultsContext,
  repository: Repository,
  remote: Remote,
  now: number,
): Promise<void> {
  const left = new Map(await refsOn(remote, RESULTS));
  if (left.size === 0) return;
  for (const { id, workspace } of await store.archive.all()) {
    const result = workspace?.result;
    if (workspace === undefined || result === undefined || left.get(result.ref) !== result.commit) continue;
    if (!hasExpired(workspace, now)) continue;
    await dropSubmodules(repository, workspace);
    await removeRefs(remote, id, result);
  }
}

/**
 * Removes the result and the checkpoints of a task from the remote, and its commits of submodules from theirs, unless
 * another process changed the result there.
 *
 * @throws TaskError `GitFailed` without an answer of the remote
 */
export async function dropResult(
  context: ResultsContext,
  repository: Pick<Repository, 'git'>,
  { id, workspace }: Pick<TaskRecord, 'id' | 'workspace'>,
): Promise<void> {
  if (workspace === undefined || !isShared(workspace)) return;
  const remote = await resultsRemote(context, repository);
  if (remote === undefined) return;
  const { result } = workspace;
  // First: the result is the sign that something is left to remove.
  await dropSubmodules(repository, workspace);
  if (result !== undefined) await removeRefs(remote, id, result);
  await context.store.transact('worktree.unshare', (draft) => {
    const current = draft.byId(id)?.workspace;
    if (current === undefined || current.result?.ref !== result?.ref) return;
    draft.patch(id, { workspace: { ...current, result: undefined, submodule_results: undefined } });
  });
}

async function removeRefs(
  remote: Remote,
  id: string,
  result: { readonly ref: string; readonly commit: string },
): Promise<void> {
  const refs = [[result.ref, result.commit] as const, ...(await refsOn(remote, `${CHECKPOINTS}/${id}`))];
  const leases = refs.map(([ref, commit]) => `--force-with-lease=${ref}:${commit}`);
  await remote.git.try(['push', '--quiet', '--no-verify', ...leases, remote.name, ...refs.map(([ref]) => `:${ref}`)]);
}

async function refsOn({ git, name }: Remote, folder: string): Promise<(readonly [ref: string, commit: string])[]> {
  const listed = await git.text(['ls-remote', '--quiet', '--refs', name, `${folder}/*`]);
  return listed.split('\n').flatMap((line) => {
    const [commit = '', ref = ''] = line.split('\t');
    return ref.startsWith(`${folder}/`) && /^[0-9a-f]{40,64}$/.test(commit) ? [[ref, commit] as const] : [];
  });
}

async function branchTips({ git }: Repository): Promise<Map<string, string>> {
  const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads']);
  return new Map(listed.split('\n').map((line) => line.split(' ') as [string, string]));
}

/** As for local work: 30 days after it was merged or discarded. */
function hasExpired(workspace: Workspace, now: number): boolean {
  if (!isShared(workspace)) return false;
  const { merged_at: merged, discarded_ref: discarded } = workspace;
  const ended = merged === undefined ? Number(/-(\d{13})$/.exec(discarded ?? '')?.[1]) : Date.parse(merged);
  return now - ended > KEEP_MS;
}

function isShared({ result, submodule_results: submodules }: Workspace): boolean {
  return result !== undefined || (submodules ?? []).length > 0;
}
