import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../../core/task/workspace.ts';
import { branchRef, type Repository, registered, worktreeFolder } from './repository.ts';
import { snapshot } from './snapshot.ts';

/** How long git keeps what was discarded, or belonged to a task that was deleted. */
export const KEEP_MS = 30 * 24 * 60 * 60_000;
export const DISCARDED = 'refs/systemprompt/discarded';

/** Why a worktree cannot go although its work is in safety at `commit`; undefined when it can. */
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
  const known = await registered(repository, folder);
  if (known === undefined) return `${folder} is no worktree any more`;
  if (known.locked !== undefined && known.locked !== 'initializing') return `${folder} is locked`;
  const worktree = repository.git.at(folder);
  const head = await worktree.commit('HEAD');
  if (head === undefined || (head !== commit && !(await worktree.isAncestor(head, commit)))) {
    return `${folder} has commits that are not merged`;
  }
  if ((await snapshot(worktree, except)) !== (await worktree.tree(head))) {
    return `${folder} has changes that are not committed`;
  }
  const nested = await worktree.list(['ls-files', '-z', '--stage']);
  const inner = nested.filter((entry) => entry.startsWith('160000')).map((entry) => entry.split('\t')[1] ?? '');
  const checkedOut = inner.find((path) => existsSync(join(folder, path, '.git')));
  return checkedOut === undefined ? undefined : `${join(folder, checkedOut)} is a repository of its own`;
}

/** Takes the worktree and its branch away. Only after `whyKept` had nothing to say, or a ref keeps what they hold. */
export async function removeWorktree(repository: Repository, workspace: Workspace): Promise<void> {
  const { git } = repository;
  const folder = worktreeFolder(repository, workspace);
  const tip = await git.commit(branchRef(workspace));
  await git.try(['worktree', 'remove', '--force', folder]);
  // What git leaves behind when it was killed in the middle.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await git.text(['worktree', 'prune']);
  // Only as it was when it was judged: a commit that came meanwhile keeps its branch.
  if (tip !== undefined) await git.text(['update-ref', '-d', branchRef(workspace), tip]);
}

/** Keeps a commit for 30 days under a name of its own. */
export async function keepFor30Days(repository: Repository, number: number, commit: string): Promise<string> {
  const ref = `${DISCARDED}/${number}-${Date.now()}`;
  await repository.git.text(['update-ref', ref, commit, '']);
  return ref;
}

/** Lets go of what was kept for 30 days. */
export async function expireKept(repository: Repository, now: number): Promise<void> {
  const refs = (await repository.git.text(['for-each-ref', '--format=%(refname)', DISCARDED])).split('\n');
  for (const ref of refs) {
    const at = Number(/-(\d{13})$/.exec(ref)?.[1] ?? now);
    if (now - at > KEEP_MS) await repository.git.try(['update-ref', '-d', ref]);
  }
}
