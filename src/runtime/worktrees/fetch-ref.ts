import { randomBytes } from 'node:crypto';
import { firstLines } from './git.ts';
import type { Remote } from './remote.ts';

/** Fetched commits until a branch has them. */
const FETCHED = 'refs/systemprompt/fetched';

/** Fetches nothing but the named refs, and changes no other ref. */
export const plainFetch = [
  '--quiet',
  '--no-tags',
  '--no-prune',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--refmap=',
] as const;

/**
 * Fetches a commit through a ref of a remote. The caller names the commit, so that the remote cannot deliver another one.
 *
 * @param keep a new ref that keeps the commit, if no branch will have it
 * @returns why the commit is not here, as a clause without a full stop; undefined if it is
 */
export async function fetchRef(
  { git, name }: Remote,
  ref: string,
  commit: string,
  keep?: string,
): Promise<string | undefined> {
  const aside = `${FETCHED}/${randomBytes(8).toString('hex')}`;
  try {
    const { code, stderr } = await git.try(['fetch', ...plainFetch, name, `+${ref}:${aside}`]);
    if (code !== 0) return firstLines(stderr);
    if (!(await git.isAncestor(commit, aside))) {
      return `${ref} does not contain the commit ${commit.slice(0, 12)} of the task`;
    }
    if (keep !== undefined) await git.text(['update-ref', keep, commit, '']);
    return undefined;
  } finally {
    await git.try(['update-ref', '-d', aside]);
  }
}
