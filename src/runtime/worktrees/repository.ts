import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../../core/task/workspace.ts';
import { Git } from './git.ts';

/** The repository that a workspace folder is in. */
export interface Repository {
  /** The workspace folder. */
  readonly folder: string;
  /** Git at the top of the person's own checkout. */
  readonly git: Git;
  /** The workspace folder relative to the top: empty, or with a slash at its end. */
  readonly prefix: string;
  /** The commit that is checked out. */
  readonly head: string;
  /** The branch that is checked out; undefined for a detached HEAD. */
  readonly branch: string | undefined;
}

/** The repository of a folder, or why tasks cannot have worktrees there. */
export async function findRepository(folder: string): Promise<Repository | { readonly reason: string }> {
  const here = new Git(folder);
  const found = await here.try(['rev-parse', '--show-toplevel', '--show-prefix']);
  if (found.code !== 0) {
    const missing = found.code === 127 || /not a git repository/.test(found.stderr);
    return { reason: missing ? 'the folder is not in a git repository' : found.stderr.trim() };
  }
  const [top = folder, prefix = ''] = found.stdout.split('\n');
  const head = await here.commit('HEAD');
  if (head === undefined) return { reason: 'the repository has no commit yet' };
  if (prefix !== '' && (await here.try(['check-ignore', '--quiet', '.'])).code === 0) {
    return { reason: 'git ignores the folder' };
  }
  const symbolic = await here.try(['symbolic-ref', '--quiet', 'HEAD']);
  const branch = symbolic.code === 0 ? symbolic.stdout.trim() : undefined;
  return { folder, git: here.at(top), prefix, head, branch };
}

/** The folder of a task's worktree. */
export function worktreeFolder(repository: { readonly folder: string }, workspace: Pick<Workspace, 'path'>): string {
  return join(repository.folder, ...workspace.path.split('/'));
}

export function branchRef(workspace: Pick<Workspace, 'branch'>): string {
  return `refs/heads/${workspace.branch}`;
}

/** A worktree as git has it registered. */
export interface Registered {
  readonly path: string;
  /** Why it is locked; empty when nobody said, undefined when it is not. */
  readonly locked: string | undefined;
}

/** What git knows of a worktree in this folder, whether or not the folder is there. */
export async function registered(repository: Repository, folder: string): Promise<Registered | undefined> {
  const wanted = await realpath(folder).catch(() => realParent(folder));
  const blocks = (await repository.git.text(['worktree', 'list', '--porcelain'])).split('\n\n');
  for (const block of blocks) {
    const path = /^worktree (.*)$/m.exec(block)?.[1];
    if (path === undefined || (path !== wanted && path !== folder)) continue;
    const locked = /^locked ?(.*)$/m.exec(block)?.[1];
    return { path, locked };
  }
  return undefined;
}

async function realParent(folder: string): Promise<string> {
  const parent = await realpath(join(folder, '..')).catch(() => join(folder, '..'));
  return join(parent, folder.split(/[\\/]/).at(-1) ?? '');
}
