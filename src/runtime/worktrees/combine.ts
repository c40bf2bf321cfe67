import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Git } from './git.ts';

/** The result of merging two commits: a tree, or the files with conflicts. */
export type Combined = { readonly tree: string } | { readonly conflicts: readonly string[] };

/** Merges in memory: no checkout, index or branch is touched. Git finds the merge base. */
export async function combine(git: Git, ours: string, theirs: string): Promise<Combined> {
  const args = ['merge-tree', '--write-tree', '--allow-unrelated-histories', '--no-messages', '--name-only', '-z'];
  const { code, stdout, stderr } = await git.try([...args, ours, theirs]);
  const [tree = '', ...conflicts] = stdout.split('\0').filter((part) => part !== '');
  if (code === 0) return { tree };
  if (code === 1 && conflicts.length > 0) return { conflicts: [...new Set(conflicts)] };
  throw new TaskError('GitFailed', `git merge-tree failed: ${stderr.trim()}`, {
    next: [
      textStep(
        /usage:|unknown option/.test(stderr)
          ? 'Install git 2.38 or newer.'
          : 'Fix what git reports, and try again. Nothing was changed.',
      ),
    ],
  });
}

/** Merges two trees against a third, independent of their histories: unreferenced commits represent them. */
export async function combineTrees(person: Git, base: string, ours: string, theirs: string): Promise<Combined> {
  const git = person.asTool();
  const root = await git.text(['commit-tree', base, '-m', 'base']);
  const [left, right] = await Promise.all(
    [ours, theirs].map((tree) => git.text(['commit-tree', tree, '-p', root, '-m', 'side'])),
  );
  return combine(git, left ?? root, right ?? root);
}

/** The paths in which two trees differ. */
export function changedPaths(git: Git, from: string, to: string): Promise<string[]> {
  return git.list(['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
}

/** Up to ten names and the number of the others. */
export function named(files: readonly string[]): string {
  const more = files.length > 10 ? ` and ${files.length - 10} more` : '';
  return `${files.slice(0, 10).join(', ')}${more}`;
}
