import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withTemporaryFolder } from '../../machine/temporary.ts';
import type { Git } from '../worktrees/git.ts';
import type { Place } from './place.ts';

/** The tree of a checkpoint, with files outside the task as in the current tree. */
export function goalTree(git: Git, place: Place, now: string, commit: string): Promise<string> {
  return withTemporaryFolder('index', async (staging) => {
    const index = git.with({ GIT_INDEX_FILE: join(staging, 'index'), GIT_LITERAL_PATHSPECS: '1' });
    if (place.within === '') await index.text(['read-tree', commit]);
    else {
      await index.text(['read-tree', now]);
      await forget(index, [place.within]);
      const part = await index.try(['rev-parse', '--verify', '--quiet', `${commit}:${place.within.slice(0, -1)}`]);
      if (part.code === 0) await index.text(['read-tree', `--prefix=${place.within}`, part.stdout.trim()]);
    }
    await forget(index, place.except);
    const kept = await index.text(['ls-tree', '-r', '-z', '--full-tree', now, '--', ...place.except]);
    if (kept !== '') await index.text(['update-index', '-z', '--index-info'], kept);
    return index.text(['write-tree']);
  });
}

async function forget(index: Git, paths: readonly string[]): Promise<void> {
  const known = await index.text(['ls-files', '-z', '--', ...paths]);
  if (known !== '') await index.text(['update-index', '-z', '--force-remove', '--stdin'], known);
}

/**
 * Adds to the index every ignored file that a restored file would replace. True if there was any: a file is overwritten
 * only if a checkpoint contains it.
 */
export async function addInTheWay(index: Git, now: string, goal: string): Promise<boolean> {
  const filter = ['--diff-filter=A', '--no-renames', '--name-only'];
  const added = await index.list(['diff-tree', '-r', '-z', ...filter, now, goal]);
  const found = new Set<string>();
  for (const path of added) {
    for (let part = path; part !== '.'; part = dirname(part)) {
      const entry = await lstat(join(index.cwd, part)).catch(() => undefined);
      if (entry !== undefined && (part === path || !entry.isDirectory())) found.add(part);
    }
  }
  if (found.size === 0) return false;
  const words = ['add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'];
  await index.with({ GIT_LITERAL_PATHSPECS: '1' }).text(words, [...found].join('\0'));
  return true;
}
