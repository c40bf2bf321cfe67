import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { shellStep } from '../../core/next-step.ts';
import { withTemporaryFolder } from '../../machine/temporary.ts';
import { changedPaths, combineTrees, named } from '../worktrees/combine.ts';
import type { Git } from '../worktrees/git.ts';
import { snapshot } from '../worktrees/snapshot.ts';

/**
 * Applies the changes between two trees to the user's current files, committed or not. Index and branch stay. The merge
 * happens in memory first, and git checks the whole patch before it writes any of it.
 *
 * @throws TaskError `MergeConflict` with the files, before any change
 */
export async function applyPatch(git: Git, base: string, theirs: string, except: readonly string[]): Promise<string[]> {
  const now = await snapshot(git, except);
  const combined = await combineTrees(git, base, now, theirs);
  if ('conflicts' in combined) {
    throw new TaskError('MergeConflict', `Your files and the task's conflict in ${named(combined.conflicts)}.`, {
      next: [shellStep('Set your changes aside, then merge again', 'git stash')],
      details: { files: combined.conflicts },
    });
  }
  const changed = await changedPaths(git, now, combined.tree);
  if (changed.length === 0) return [];
  await withTemporaryFolder('patch', async (staging) => {
    const file = join(staging, 'patch');
    const form = ['--binary', '--full-index', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
    const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
    await git.text(['diff', ...form, ...prefixes, `--output=${file}`, now, combined.tree, '--']);
    await git.text(['apply', '--whitespace=nowarn', file]);
  });
  return changed;
}
