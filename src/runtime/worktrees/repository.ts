import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Workspace } from '../../core/task/workspace.ts';
import { firstLines, Git } from './git.ts';

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

/** Why tasks cannot have worktrees in a folder. */
export interface NoRepository {
  /** A clause without a full stop. */
  readonly reason: string;
  /** A sentence with the next step. */
  readonly fix: string;
  /** True when there is no repository at all. False when git cannot, may not or does not want to use one. */
  readonly absent: boolean;
}

/** To find out where the repository is takes git milliseconds. */
const PROBE_MS = 30_000;

/** The repository of a folder, or why tasks cannot have worktrees there. Never throws. */
export async function findRepository(folder: string): Promise<Repository | NoRepository> {
  const here = new Git(folder);
  const quick = here.configured([], PROBE_MS);
  const checkout = (await askAtOnce(quick)) ?? (await askOneByOne(quick, folder));
  if ('reason' in checkout) return checkout;
  const { top, prefix, head } = checkout;
  const ignored = await ignoredFolder(quick, prefix);
  if (ignored !== undefined) return ignored;
  // Not a question to `rev-parse`, for which another ref of the name HEAD makes it ambiguous.
  const symbolic = await quick.probe(['symbolic-ref', '--quiet', 'HEAD']);
  if ('failure' in symbolic) return { ...symbolic, absent: false };
  const branch = symbolic.code === 0 ? symbolic.stdout.trim() : undefined;
  return { folder, git: here.at(top), prefix, head, branch };
}

/** A checkout that a folder is in. */
interface Checkout extends Pick<Repository, 'prefix' | 'head'> {
  readonly top: string;
}

/** With one process of git; undefined for every fault, which {@link askOneByOne} explains. */
async function askAtOnce(quick: Git): Promise<Checkout | undefined> {
  const known = await quick.answers('--show-toplevel', '--show-prefix', 'HEAD^{commit}').catch(() => undefined);
  if (known === undefined) return undefined;
  const [top = '', prefix = '', head = ''] = known;
  return { top, prefix, head };
}

async function askOneByOne(quick: Git, folder: string): Promise<Checkout | NoRepository> {
  const top = await quick.probe(['rev-parse', '--show-toplevel']);
  if ('failure' in top) {
    return { reason: top.reason, fix: top.fix, absent: top.failure === 'missing' && !hasGitEntry(folder) };
  }
  if (top.code !== 0) return refusal(folder, top.stderr);
  const where = await quick.probe(['rev-parse', '--show-prefix']);
  const head = await quick.probe(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if ('failure' in where) return { ...where, absent: false };
  if ('failure' in head) return { ...head, absent: false };
  if (head.code !== 0) {
    return {
      reason: 'the repository has no commit yet',
      fix: 'Make a first commit: git commit --allow-empty -m "First commit".',
      absent: false,
    };
  }
  return { top: line(top.stdout), prefix: line(where.stdout), head: head.stdout.trim() };
}

async function ignoredFolder(quick: Git, prefix: string): Promise<NoRepository | undefined> {
  if (prefix === '') return undefined;
  const ignored = await quick.probe(['check-ignore', '--quiet', '.']);
  if ('failure' in ignored) return { ...ignored, absent: false };
  if (ignored.code !== 0) return undefined;
  return {
    reason: 'git ignores the folder',
    fix: 'Use a folder that git tracks, or remove the pattern from .gitignore.',
    absent: false,
  };
}

function refusal(folder: string, stderr: string): NoRepository {
  if (/not a git repository \(or any/.test(stderr) && !hasGitEntry(folder)) {
    return {
      reason: 'the folder is not in a git repository',
      fix: 'Make one with "git init" and a first commit.',
      absent: true,
    };
  }
  const owned = /dubious ownership in repository at '(.*)'/.exec(stderr)?.[1];
  if (owned !== undefined) {
    return {
      reason: 'git refuses the repository because another user owns it ("dubious ownership")',
      fix: `If you trust it: git config --global --add safe.directory ${JSON.stringify(owned)}.`,
      absent: false,
    };
  }
  return {
    reason: `git does not use the repository: ${firstLines(stderr)}`,
    fix: 'Run "git status" in the folder and fix the error that it reports.',
    absent: false,
  };
}

/** True when the folder or one above it has a `.git`, which git may not have been able or willing to use. */
function hasGitEntry(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return true;
    if (dirname(path) === path) return false;
  }
}

export function branchRef(workspace: Pick<Workspace, 'branch'>): string {
  return `refs/heads/${workspace.branch}`;
}

/** A worktree as git has it registered. */
export interface Registered {
  readonly path: string;
  /** Why it is locked: empty without a reason, undefined when it is not locked. */
  readonly locked: string | undefined;
}

/** Git's entry for a worktree in this folder, even if the folder is missing. */
export async function registered(repository: Repository, folder: string): Promise<Registered | undefined> {
  const wanted = await realpath(folder).catch(() => realParent(folder));
  const blocks = (await repository.git.text(['worktree', 'list', '--porcelain', '-z'])).split('\0\0');
  for (const block of blocks) {
    const fields = block.split('\0');
    const path = fields.find((field) => field.startsWith('worktree '))?.slice('worktree '.length);
    if (path === undefined || (path !== wanted && path !== folder)) continue;
    const locked = fields.find((field) => field === 'locked' || field.startsWith('locked '));
    return { path, locked: locked?.slice('locked '.length) };
  }
  return undefined;
}

async function realParent(folder: string): Promise<string> {
  const parent = await realpath(join(folder, '..')).catch(() => join(folder, '..'));
  return join(parent, folder.split(/[\\/]/).at(-1) ?? '');
}

/** Git's answer without the newline that ends it: a path may have others. */
function line(stdout: string): string {
  return stdout.replace(/\r?\n$/, '');
}
