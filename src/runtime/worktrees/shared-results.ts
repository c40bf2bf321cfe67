import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { pushResult } from './push-result.ts';
import { type Remote, type ResultsContext, resultsRemote } from './remote.ts';
import { KEEP_MS } from './remove.ts';
import { branchRef, findRepository, type Repository } from './repository.ts';

const CHECKPOINTS = 'refs/systemprompt/checkpoints';

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
  if ('reason' in repository || (await resultsRemote(context, repository)) === undefined) return;
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
}

/**
 * Removes the result and the checkpoints of a task from the remote, unless another process changed the result there.
 *
 * @throws TaskError `GitFailed` without an answer of the remote
 */
export async function dropResult(
  context: ResultsContext,
  repository: Pick<Repository, 'git'>,
  { id, workspace }: Pick<TaskRecord, 'id' | 'workspace'>,
): Promise<void> {
  const result = workspace?.result;
  if (workspace === undefined || result === undefined) return;
  const remote = await resultsRemote(context, repository);
  if (remote === undefined) return;
  const refs = [[result.ref, result.commit] as const, ...(await checkpointsOn(remote, id))];
  const leases = refs.map(([ref, commit]) => `--force-with-lease=${ref}:${commit}`);
  await remote.git.try(['push', '--quiet', '--no-verify', ...leases, remote.name, ...refs.map(([ref]) => `:${ref}`)]);
  await context.store.transact('worktree.unshare', (draft) => {
    const current = draft.byId(id)?.workspace;
    if (current?.result?.ref !== result.ref) return;
    draft.patch(id, { workspace: { ...current, result: undefined } });
  });
}

async function checkpointsOn({ git, name }: Remote, id: string): Promise<(readonly [ref: string, commit: string])[]> {
  const listed = await git.text(['ls-remote', '--quiet', '--refs', name, `${CHECKPOINTS}/${id}/*`]);
  return listed.split('\n').flatMap((line) => {
    const [commit = '', ref = ''] = line.split('\t');
    return ref.startsWith(`${CHECKPOINTS}/${id}/`) && /^[0-9a-f]{40,64}$/.test(commit) ? [[ref, commit] as const] : [];
  });
}

async function branchTips({ git }: Repository): Promise<Map<string, string>> {
  const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads']);
  return new Map(listed.split('\n').map((line) => line.split(' ') as [string, string]));
}

/** As for local work: 30 days after it was merged or discarded. */
function hasExpired({ result, merged_at: merged, discarded_ref: discarded }: Workspace, now: number): boolean {
  if (result === undefined) return false;
  const ended = merged === undefined ? Number(/-(\d{13})$/.exec(discarded ?? '')?.[1]) : Date.parse(merged);
  return now - ended > KEEP_MS;
}
