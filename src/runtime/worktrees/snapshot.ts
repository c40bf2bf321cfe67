import { copyFile, stat, utimes } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { INSIDE } from '../../core/task/work-path.ts';
import { withTemporaryFolder } from '../../machine/temporary.ts';
import { statePath } from '../../store/discovery.ts';
import type { Git } from './git.ts';

/** Paths that are never part of the work: the tasks' own state, and linked folders. */
export function ownPaths(prefix: string, links: readonly string[]): string[] {
  return [statePath, INSIDE, ...links].map((path) => `${prefix}${path}`);
}

/** Takes everything into the index but these paths. */
export async function addAll(git: Git, except: readonly string[]): Promise<void> {
  // Git fails on an explicit exclusion of an ignored path, even if it tracks a file of that name.
  const { stdout } = await git.try(
    ['check-ignore', '--no-index', '-z', '--stdin'],
    except.map((path) => `:/${path}`).join('\0'),
  );
  const ignored = new Set(stdout.split('\0').map((path) => path.replace(/^:\//, '')));
  const left = except.filter((path) => !ignored.has(path)).map((path) => `:(exclude,top,literal)${path}`);
  await git.text(['add', '--all', '--', ':/', ...left]);
}

/**
 * The tree of a checkout in its current state, including uncommitted and untracked files. Works on a copy of the index,
 * which leaves the index of the checkout unchanged and saves reading every file again.
 *
 * @param index its absolute path, if the caller knows it
 */
export function snapshot(git: Git, except: readonly string[], index?: string): Promise<string> {
  return withSnapshot(git, except, async (aside) => aside.text(['write-tree']), index);
}

/** As {@link snapshot}; gives git with the copy of the index, which is as the checkout is. */
export async function withSnapshot<T>(
  git: Git,
  except: readonly string[],
  use: (aside: Git) => Promise<T>,
  known?: string,
): Promise<T> {
  return withTemporaryFolder('index', async (staging) => {
    const index = join(staging, 'index');
    const own = known ?? (await git.text(['rev-parse', '--git-path', 'index']));
    await copyIndex(isAbsolute(own) ? own : join(git.cwd, own), index);
    const aside = git.with({ GIT_INDEX_FILE: index });
    await addAll(aside, except);
    return use(aside);
  });
}

async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    // Git detects a file changed within the timestamp of the index by comparing their times. A copied index would be
    // newer, so its time is set back, and git checks more files rather than too few.
    const second = Math.floor(mtimeMs / 1_000);
    await utimes(to, second, second);
  } catch (error) {
    // No index: no file was ever added.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
