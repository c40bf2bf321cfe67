import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Git } from './git.ts';

/** What is never a part of the work: the tasks' own state, and folders that were linked in. */
export function ownPaths(prefix: string, links: readonly string[]): string[] {
  return ['.systemprompt/state', '.systemprompt/worktrees', ...links].map((path) => `${prefix}${path}`);
}

/** Takes everything into the index but these paths. */
export async function addAll(git: Git, except: readonly string[]): Promise<void> {
  // Git calls it an error to leave out by name what it ignores anyway.
  const { stdout } = await git.try(['check-ignore', '-z', '--stdin'], except.map((path) => `:/${path}`).join('\0'));
  const ignored = new Set(stdout.split('\0').map((path) => path.replace(/^:\//, '')));
  const left = except.filter((path) => !ignored.has(path)).map((path) => `:(exclude,top,literal)${path}`);
  await git.text(['add', '--all', '--', ':/', ...left]);
}

/**
 * The tree of a checkout as it is now, with what is not committed and not tracked yet. The checkout's index stays as
 * it is: a copy is worked on, which also spares git to read every file again.
 */
export async function snapshot(git: Git, except: readonly string[]): Promise<string> {
  const staging = await mkdtemp(join(tmpdir(), 'systemprompt-index-'));
  try {
    const index = join(staging, 'index');
    const own = await git.text(['rev-parse', '--git-path', 'index']);
    await copyFile(isAbsolute(own) ? own : join(git.cwd, own), index).catch(() => undefined);
    const aside = git.with({ GIT_INDEX_FILE: index });
    await addAll(aside, except);
    return await aside.text(['write-tree']);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
