import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import type { Workspace } from '../../core/task/workspace.ts';
import { type CheckedOut, intactCheckout, isCheckout } from './checkout.ts';
import { worktreeFolder } from './place.ts';
import { branchRef, type Repository, registered } from './repository.ts';
import { snapshot } from './snapshot.ts';
import { innerWork } from './submodules.ts';

/** The time for which git keeps the work of discarded and deleted tasks. */
export const KEEP_MS = 30 * 24 * 60 * 60_000;
export const DISCARDED = 'refs/systemprompt/discarded';

/** Why a worktree cannot be removed although its work is kept at `commit`; undefined when it can. */
export async function whyKept(
  repository: Repository,
  workspace: Workspace,
  commit: string,
  except: readonly string[],
): Promise<string | undefined> {
  const folder = worktreeFolder(repository, workspace);
  const tip = await repository.git.commit(branchRef(workspace));
  if (tip !== undefined && tip !== commit && !(await repository.git.isAncestor(tip, commit))) {
    return `${workspace.branch} has commits that are not merged`;
  }
  if (!existsSync(folder)) return undefined;
  const state = (await intactCheckout({ repository, folder })) ?? (await repairedCheckout(repository, folder));
  if (typeof state === 'string') return state;
  const { head, tree, index } = state;
  const worktree = repository.git.at(folder);
  if (head === undefined || (head !== commit && !(await worktree.isAncestor(head, commit)))) {
    return `${folder} has commits that are not merged`;
  }
  if ((await snapshot(worktree, except, index)) !== tree) {
    return `${folder} has changes that are not committed`;
  }
  return innerWork(repository, worktree, head);
}

/** The state of a worktree that is not intact, after an attempt to repair its link; a reason if it must stay. */
async function repairedCheckout(repository: Repository, folder: string): Promise<Partial<CheckedOut> | string> {
  const known = await registered(repository, folder);
  if (known === undefined) return `${folder} is no longer a worktree`;
  if (known.locked !== undefined && known.locked !== 'initializing') return `${folder} is locked`;
  if (known.locked === undefined && !(await isCheckout({ repository, folder }))) {
    return `${folder} is no longer a worktree of this repository`;
  }
  const [head, tree] = (await repository.git.at(folder).answers('HEAD^{commit}', 'HEAD^{tree}')) ?? [];
  return head === undefined || tree === undefined ? {} : { head, tree };
}

/** Removes the worktree and its branch. Only after `whyKept` gave no reason, or a ref keeps their commits. */
export async function removeWorktree(repository: Repository, workspace: Workspace): Promise<void> {
  const { git } = repository;
  const folder = worktreeFolder(repository, workspace);
  const tip = await git.commit(branchRef(workspace));
  const removed = await git.try(['worktree', 'remove', '--force', folder]);
  // Git leaves files behind when it is killed in the middle.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  if (workspace.place !== undefined) await rmdir(workspace.place).catch(() => {}); // It has other worktrees.
  // Pruning disturbs a worktree that another process is adding, so that it is only done for one that git did not remove.
  if (removed.code !== 0) await git.text(['worktree', 'prune']);
  if (tip === undefined) return;
  // Only if it has not moved since: a later commit keeps its branch.
  const deletion = ['update-ref', '-d', branchRef(workspace), tip];
  const { code } = await git.try(deletion);
  // Another process may have deleted it in the meantime.
  if (code !== 0 && (await git.commit(branchRef(workspace))) !== undefined) await git.text(deletion);
}

/** Keeps a commit for 30 days under a separate ref. */
export async function keepFor30Days(repository: Repository, number: number, commit: string): Promise<string> {
  const ref = `${DISCARDED}/${number}-${Date.now()}`;
  await repository.git.text(['update-ref', ref, commit, '']);
  return ref;
}

/** Deletes refs that are older than 30 days. */
export async function expireKept(repository: Repository, now: number): Promise<void> {
  const refs = (await repository.git.text(['for-each-ref', '--format=%(refname)', DISCARDED])).split('\n');
  for (const ref of refs) {
    const at = Number(/-(\d{13})$/.exec(ref)?.[1] ?? now);
    if (now - at > KEEP_MS) await repository.git.try(['update-ref', '-d', ref]);
  }
}
