import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

interface Checkout {
  readonly repository: Pick<Repository, 'git'>;
  /** The folder of the worktree. */
  readonly folder: string;
}

/**
 * False for a folder that lost its link to the repository. Git would then use the user's own checkout, or a repository
 * that the agent created there. A link that broke because the repository was moved is repaired first.
 */
export async function isCheckout(checkout: Checkout): Promise<boolean> {
  if (await isLinked(checkout)) return true;
  const { code } = await checkout.repository.git.try(['worktree', 'repair', checkout.folder]);
  return code === 0 && (await isLinked(checkout));
}

/** The places of each repository, which stay while an operation has it open. */
const places = new WeakMap<Git, readonly string[]>();

async function placesOf(git: Git): Promise<readonly string[] | undefined> {
  const known = places.get(git) ?? (await git.answers('--git-common-dir', '--git-dir'));
  if (known !== undefined) places.set(git, known);
  return known;
}

async function isLinked({ repository, folder }: Checkout): Promise<boolean> {
  const there = await repository.git.at(folder).answers('--git-common-dir', '--git-dir', '--show-cdup');
  return isWorktreeOf(await placesOf(repository.git), there);
}

function isWorktreeOf(own: readonly string[] | undefined, there: readonly string[] | undefined): boolean {
  if (there === undefined || own === undefined) return false;
  const [common, gitDir, up] = there;
  return up === '' && common === own[0] && gitDir !== own[1];
}

/** The current state of a worktree. */
export interface CheckedOut {
  readonly head: string;
  readonly tree: string;
  /** The absolute path of its index. */
  readonly index: string;
}

/**
 * The state of a worktree that is intact, with one process of git. Undefined in any doubt: for one that is locked, lost its
 * link to the repository, is a copy of another one, or has no commit.
 */
export async function intactCheckout({ repository, folder }: Checkout): Promise<CheckedOut | undefined> {
  const questions = ['--git-common-dir', '--git-dir', '--show-cdup', 'HEAD^{commit}', 'HEAD^{tree}'];
  const there = await repository.git.at(folder).answers(...questions);
  if (there === undefined || !isWorktreeOf(await placesOf(repository.git), there)) return undefined;
  const [, gitDir = '', , head = '', tree = ''] = there;
  if (existsSync(join(gitDir, 'locked'))) return undefined;
  // Git's own note of the folder, which a copy of the folder does not change.
  const noted = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '');
  const [real, known] = await Promise.all([realOf(folder), realOf(dirname(noted.trim()))]);
  return real !== undefined && real === known ? { head, tree, index: join(gitDir, 'index') } : undefined;
}

function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
