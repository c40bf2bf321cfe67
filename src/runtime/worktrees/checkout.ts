import type { Git } from './git.ts';
import type { GitResult } from './git-process.ts';
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

async function isLinked({ repository, folder }: Checkout): Promise<boolean> {
  const worktree = repository.git.at(folder);
  // One call each: a path may have a newline, which would make two answers of one.
  const ask = (git: Git, option: string): Promise<GitResult> =>
    git.try(['rev-parse', '--path-format=absolute', option]);
  const [common, gitDir, up, ownCommon, ownDir] = await Promise.all([
    ask(worktree, '--git-common-dir'),
    ask(worktree, '--git-dir'),
    ask(worktree, '--show-cdup'),
    ask(repository.git, '--git-common-dir'),
    ask(repository.git, '--git-dir'),
  ]);
  if ([common, gitDir, up, ownCommon, ownDir].some(({ code }) => code !== 0)) return false;
  return up.stdout.trim() === '' && common.stdout === ownCommon.stdout && gitDir.stdout !== ownDir.stdout;
}
