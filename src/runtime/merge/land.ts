import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import { changedPaths, named } from '../worktrees/combine.ts';
import type { Git } from '../worktrees/git.ts';

/**
 * Moves the person's checkout from `head` to a commit that goes on from it. Only files that differ between the two are
 * touched, and only if the person has not changed them; what else is changed or staged stays.
 *
 * @throws TaskError `MergeConflict` with the files that the person has changed; nothing was touched
 */
export async function land(git: Git, head: string, commit: string): Promise<void> {
  if (head === commit) return;
  const literal = git.with({ GIT_LITERAL_PATHSPECS: '1' });
  const changed = await changedPaths(git, head, commit);
  const modified = new Set(await git.list(['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', head, '--']));
  const inTheWay: string[] = [];
  const alreadyThere: string[] = [];
  for (const path of changed) {
    const before = await entryOf(literal, head, path);
    if (!modified.has(path) && (before !== undefined || !(await exists(join(git.cwd, path))))) continue;
    const same = await isAlready(literal, path, before, await entryOf(literal, commit, path));
    (same ? alreadyThere : inTheWay).push(path);
  }
  if (inTheWay.length > 0) {
    throw new TaskError('MergeConflict', `You have changed files that the merge changes too: ${named(inTheWay)}.`, {
      next: [
        shellStep('Set them aside, then merge again', 'git stash'),
        textStep('Or apply the changes as a patch, without a commit.'),
      ],
      details: { files: inTheWay },
    });
  }
  // Left by a merge that was killed: their content is in the commit, so that nothing is lost by putting them back first.
  for (const path of alreadyThere) {
    if ((await entryOf(literal, head, path)) !== undefined)
      await literal.text(['checkout', '--quiet', head, '--', path]);
    else {
      await literal.text(['rm', '--quiet', '--cached', '--ignore-unmatch', '--', path]);
      await rm(join(git.cwd, path), { force: true });
    }
  }
  const words = ['--ff-only', '--no-overwrite-ignore', '--no-autostash', '--no-stat', '--quiet'];
  await git.text(['merge', ...words, commit]);
}

/** `100644 <hash>`; undefined for a path that a commit does not have. */
async function entryOf(git: Git, commit: string, path: string): Promise<string | undefined> {
  const entry = /^(\d+) \w+ (\w+)\t/.exec(await git.text(['ls-tree', '-z', '--full-tree', commit, '--', path]));
  return entry === null ? undefined : `${entry[1]} ${entry[2]}`;
}

/** True for a file that is as the merge would leave it, with nothing else staged. */
async function isAlready(
  git: Git,
  path: string,
  before: string | undefined,
  after: string | undefined,
): Promise<boolean> {
  const staged = /^(\d+) (\w+) 0\t/.exec(await git.text(['ls-files', '-z', '--stage', '--', path]));
  const index = staged === null ? undefined : `${staged[1]} ${staged[2]}`;
  if (index !== before && index !== after) return false;
  const file = await lstat(join(git.cwd, path)).catch(() => undefined);
  if (file === undefined || after === undefined) return file === undefined && after === undefined;
  if (!file.isFile()) return false;
  const mode = (file.mode & 0o100) === 0 ? '100644' : '100755';
  return `${mode} ${await git.text(['hash-object', '--', path])}` === after;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
