import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import { named } from '../worktrees/combine.ts';
import type { Git } from '../worktrees/git.ts';
import { exists } from '../worktrees/link.ts';
import { snapshot } from '../worktrees/snapshot.ts';

/**
 * Moves the user's checkout from `head` to a descendant commit. Writes only files that differ between the two, and only
 * if the user has not changed them. Other changes, staged or not, remain. The number of git processes does not depend
 * on the number of files. The user's own hooks run.
 *
 * @throws TaskError `MergeConflict` with the files that the user has changed, before any write
 */
export async function land(git: Git, head: string, commit: string, except: readonly string[]): Promise<void> {
  if (head === commit) return;
  const changed = await entries(git, ['diff-tree', head, commit]);
  const modified = new Set(await git.list(['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', head, '--']));
  const suspects: string[] = [];
  for (const [path, { before }] of changed) {
    if (modified.has(path) || (before === undefined && (await exists(join(git.cwd, path))))) suspects.push(path);
  }
  if (suspects.length > 0) {
    const there = await alreadyThere(git, { head, commit, suspects, changed, except });
    const inTheWay = suspects.filter((path) => !there.has(path));
    if (inTheWay.length > 0) throw conflict(inTheWay);
    await putBack(git, head, suspects, changed);
  }
  const words = ['--ff-only', '--no-overwrite-ignore', '--no-autostash', '--no-stat', '--quiet'];
  await git.personal().text(['merge', ...words, commit]);
}

interface Entry {
  /** `100644 <hash>`; undefined where the path does not exist. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The paths in which two trees, or a tree and the index, differ. */
async function entries(git: Git, command: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  const [name = '', ...rest] = command;
  const parts = await git.list([name, '-r', '-z', '--raw', '--no-abbrev', '--no-renames', ...rest]);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [before = '', after = '', from = '', to = ''] = (parts[at] ?? '').slice(1).split(' ');
    const entry = { before: entryOf(before, from), after: entryOf(after, to) };
    found.set(parts[at + 1] ?? '', entry);
  }
  return found;
}

function entryOf(mode: string, hash: string): string | undefined {
  return mode === '000000' ? undefined : `${mode} ${hash}`;
}

interface Suspects {
  readonly head: string;
  readonly commit: string;
  readonly suspects: readonly string[];
  readonly changed: ReadonlyMap<string, Entry>;
  readonly except: readonly string[];
}

/** Files that already match the result of the merge, with nothing else staged: an interrupted merge wrote them. */
async function alreadyThere(git: Git, { head, commit, suspects, changed, except }: Suspects): Promise<Set<string>> {
  const staged = await entries(git, ['diff-index', '--cached', head]);
  const different = new Set((await entries(git, ['diff-tree', await snapshot(git, except), commit])).keys());
  const known = (path: string): boolean => {
    const index = staged.get(path);
    return index === undefined || index.after === changed.get(path)?.after;
  };
  return new Set(suspects.filter((path) => known(path) && !different.has(path)));
}

/** The commit contains these files: restoring them first loses nothing, and git can fast-forward. */
async function putBack(
  git: Git,
  head: string,
  paths: readonly string[],
  changed: ReadonlyMap<string, Entry>,
): Promise<void> {
  const literal = git.with({ GIT_LITERAL_PATHSPECS: '1' });
  const from = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const old = paths.filter((path) => changed.get(path)?.before !== undefined);
  if (old.length > 0) await literal.text(['checkout', '--quiet', head, ...from], old.join('\0'));
  const added = paths.filter((path) => changed.get(path)?.before === undefined);
  if (added.length === 0) return;
  await literal.text(['rm', '--quiet', '--cached', '--ignore-unmatch', ...from], added.join('\0'));
  for (const path of added) await rm(join(git.cwd, path), { force: true });
}

function conflict(files: readonly string[]): TaskError {
  return new TaskError('MergeConflict', `You have changed files that the merge changes too: ${named(files)}.`, {
    next: [
      shellStep('Set your changes aside, then merge again', 'git stash'),
      textStep('Or merge as a patch, which also applies to files that you have changed. Nothing was changed yet.'),
    ],
    details: { files },
  });
}
