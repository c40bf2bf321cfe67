import { randomBytes } from 'node:crypto';
import { copyFile, lstat, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../../store/make-folders.ts';
import type { Git } from './git.ts';
import { exists } from './link.ts';
import type { Remote } from './remote.ts';

/** Large files take long over a slow network. */
const TRANSFER_MS = 60 * 60_000;

/**
 * Uploads the files of Git LFS that a ref has: hooks do not run, and Git LFS uploads files in one.
 *
 * @throws TaskError `GitFailed` if the upload fails
 */
export async function pushLargeFiles(remote: Remote, ref: string): Promise<void> {
  if (!(await usesLargeFiles(remote.git, ref))) return;
  await remote.git.configured([], TRANSFER_MS).text(['lfs', 'push', remote.name, ref]);
}

/**
 * Downloads the files of Git LFS that a commit has, from the remote that has the commit. Without them, git asks "origin"
 * when it checks the files out.
 *
 * @throws TaskError `GitFailed` if the download fails
 */
export async function fetchLargeFiles(remote: Remote, commit: string): Promise<void> {
  if (!(await usesLargeFiles(remote.git, commit))) return;
  await remote.git.configured([], TRANSFER_MS).text(['lfs', 'fetch', remote.name, commit]);
}

async function usesLargeFiles(git: Git, commit: string): Promise<boolean> {
  const uses = await git.try(['grep', '--quiet', 'filter=lfs', commit, '--', '.gitattributes', '**/.gitattributes']);
  return uses.code === 0 && (await git.try(['config', '--get', 'filter.lfs.clean'])).code === 0;
}

/** Copies the files that Git LFS keeps in a git folder to another one: a fetch between folders leaves them out. */
export async function copyLargeFiles(from: string, to: string): Promise<void> {
  const files = join(from, 'lfs', 'objects');
  for (const path of await readdir(files, { recursive: true }).catch(() => [])) {
    const target = join(to, 'lfs', 'objects', path);
    const isContent = /^[0-9a-f]{64}$/.test(basename(path)) && (await lstat(join(files, path))).isFile();
    if (!isContent || (await exists(target))) continue;
    await makeFolders(dirname(target));
    const partial = `${target}.${randomBytes(6).toString('hex')}`;
    await copyFile(join(files, path), partial);
    await rename(partial, target);
  }
}
