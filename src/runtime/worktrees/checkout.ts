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
  const [there, own] = await Promise.all([
    repository.git.at(folder).answers('--git-common-dir', '--git-dir', '--show-cdup'),
    placesOf(repository.git),
  ]);
  if (there === undefined || own === undefined) return false;
  const [common, gitDir, up] = there;
  return up === '' && common === own[0] && gitDir !== own[1];
}
