import { basename, dirname } from 'node:path';
import { operationStep } from '../../core/next-step.ts';
import { type StepOptions, type Stopped, takeSteps } from '../../core/steps.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace, workspaceSchema } from '../../core/task/workspace.ts';
import { isCheckout } from './checkout.ts';
import { type ListedWorktree, listWorktrees } from './list.ts';
import { insideRoot, placed, worktreeFolder } from './place.ts';
import { DISCARDED, expireKept, removeWorktree, whyKept } from './remove.ts';
import { branchRef, findRepository, type Repository } from './repository.ts';
import type { WorktreeContext } from './review.ts';
import { ownPaths } from './snapshot.ts';
import { expireSubmodules } from './submodule-fetch.ts';

/** A worktree that can go, because everything in it is merged, or kept by a ref. */
export interface Removable {
  readonly folder: string;
  readonly bytes: number;
  /** The end of its task; an unknown task sorts first. */
  readonly since: string;
  remove(): Promise<void>;
}

/**
 * Lists removable worktrees, the oldest first: leftovers of merged and discarded work, of completed and cancelled tasks
 * whose branch was merged manually, and of deleted tasks. Never lists work that is not saved elsewhere.
 */
export async function removableWorktrees(context: WorktreeContext, signal?: AbortSignal): Promise<Removable[]> {
  const repository = await findRepository(context.store.folder);
  if ('reason' in repository) return [];
  const except = ownPaths(repository.prefix, context.settings.worktrees?.link ?? []);
  const removable: Removable[] = [];
  for (const listed of await listWorktrees(context)) {
    if (signal?.aborted === true) break;
    const { task, folder, bytes } = listed;
    const workspace = task?.workspace ?? unknownWorkspace(context.store.folder, listed);
    if (workspace === undefined) continue;
    const safe = await safeCommit(repository, workspace, task);
    if (safe === undefined || (await whyKept(repository, workspace, safe, except)) !== undefined) continue;
    const since = workspace.merged_at ?? task?.completed_at ?? '';
    const remove = async (): Promise<void> => {
      // Checked again: a task may have started in this one while cleaning was busy with others.
      if ((await whyKept(repository, workspace, safe, except)) !== undefined) return;
      if (task !== undefined && openWorkspace(task) !== undefined) await noteMergedByHand(context, task, safe);
      await removeWorktree(repository, workspace);
    };
    removable.push({ folder, bytes, since, remove });
  }
  return removable.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

/** Removes all removable worktrees and expired refs. Returns the removed folders. */
export async function cleanWorktrees(
  context: WorktreeContext,
  options: StepOptions = {},
): Promise<{ readonly removed: readonly string[]; readonly stopped: Stopped | null }> {
  const repository = await findRepository(context.store.folder);
  if ('reason' in repository) return { removed: [], stopped: null };
  const removed: string[] = [];
  const stopped = await takeSteps(await removableWorktrees(context, options.signal), options, {
    message: ({ folder }) => `Removing ${basename(folder)}`,
    async take({ folder, remove }) {
      await remove();
      removed.push(folder);
    },
  });
  if (stopped === null) {
    await expireKept(repository, Date.now());
    await expireSubmodules(repository, Date.now());
  }
  return { removed, stopped };
}

/**
 * Above the quota of the settings, removes the oldest removable worktrees until the quota is met. Unmerged worktrees
 * stay at any size; the log reports it.
 */
export async function keepQuota(context: WorktreeContext): Promise<string[]> {
  const { quotaMb } = context.settings.worktrees ?? {};
  if (quotaMb === undefined) return [];
  const quota = quotaMb * 1024 * 1024;
  let bytes = (await listWorktrees(context)).reduce((sum, listed) => sum + listed.bytes, 0);
  if (bytes <= quota) return [];
  const removed: string[] = [];
  for (const worktree of await removableWorktrees(context)) {
    if (bytes <= quota) break;
    await worktree.remove();
    bytes -= worktree.bytes;
    removed.push(worktree.folder);
  }
  if (bytes > quota) {
    const next = [operationStep('List the worktrees to merge or discard', 'worktrees')];
    context.logger.warn(`Unmerged worktrees take more than the quota of ${quotaMb} MB.`, { next });
  }
  return removed;
}

/** The saved commit that contains a worktree's work; undefined for unsaved work. */
async function safeCommit(
  repository: Repository,
  workspace: Workspace,
  task: TaskRecord | undefined,
): Promise<string | undefined> {
  const { git, head } = repository;
  if (task === undefined) {
    const folder = worktreeFolder(repository, workspace);
    const tip = (await isCheckout({ repository, folder })) ? await git.at(folder).commit('HEAD') : undefined;
    if (tip === undefined || (await git.isAncestor(tip, head))) return tip;
    return (await git.text(['for-each-ref', '--count=1', '--contains', tip, DISCARDED])) === '' ? undefined : tip;
  }
  if (task.lease !== undefined) return undefined;
  if (openWorkspace(task) === undefined) {
    const kept = await git.commit(workspace.merged_commit ?? workspace.discarded_ref ?? '');
    // Another machine and the remote keep the work that was discarded there.
    return kept ?? (workspace.result === undefined ? undefined : git.commit(workspace.result.commit));
  }
  if (task.status !== 'completed' && task.status !== 'cancelled') return undefined;
  const tip = await git.commit(branchRef(workspace));
  return tip !== undefined && (await git.isAncestor(tip, head)) ? tip : undefined;
}

/** A folder of a deleted task has such a name; other folders are foreign. */
function unknownWorkspace(workspaceFolder: string, { folder }: ListedWorktree): Workspace | undefined {
  const name = basename(folder);
  const root = dirname(folder);
  const none = '0'.repeat(40);
  const parsed = workspaceSchema.safeParse({
    kind: 'worktree',
    ...placed(root === insideRoot(workspaceFolder) ? undefined : root, name),
    branch: `systemprompt/${name}`,
    base_head: none,
    base_commit: none,
  });
  return parsed.success ? parsed.data : undefined;
}

async function noteMergedByHand({ store }: WorktreeContext, task: TaskRecord, commit: string): Promise<void> {
  await store.transact('worktree.merged', (draft) => {
    const { workspace } = draft.byId(task.id) ?? {};
    if (workspace === undefined) return;
    // A worktree without changes has nothing to merge.
    const empty = commit === workspace.base_commit;
    draft.patch(task.id, {
      workspace: empty ? undefined : { ...workspace, merged_at: draft.at, merged_commit: commit },
    });
  });
}
