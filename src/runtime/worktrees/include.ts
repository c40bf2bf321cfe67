import { constants, cp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../store/make-folders.ts';
import { exists } from './link.ts';
import type { Repository } from './repository.ts';

const FILE = '.worktreeinclude';
const STATE = /^(.*\/)?\.systemprompt\//;

/** Copies a folder into a worktree unless the target exists; without using space if the file system supports it. */
export async function copyFolder(from: string, to: string): Promise<void> {
  if (!(await exists(from)) || (await exists(to))) return;
  await makeFolders(dirname(to));
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    errorOnExist: false,
  });
}

/**
 * Copies the files that `.worktreeinclude` names into a new worktree, for example `.env`. The file has patterns of
 * gitignore. As in other tools only files that git ignores are copied: git checks out the tracked ones, and the others may
 * be work of the person. Gives the number of copied files.
 */
export async function copyIncluded({ git, folder: own, prefix }: Repository, folder: string): Promise<number> {
  const patterns = join(own, FILE);
  const there = await readFile(patterns).then(
    () => true,
    () => false,
  );
  if (!there) return 0;
  const named = await git.at(own).list(['ls-files', '-z', '--others', '--ignored', `--exclude-from=${patterns}`]);
  const wanted = named.filter((path) => !STATE.test(path));
  if (wanted.length === 0) return 0;
  const { stdout } = await git.at(own).try(['check-ignore', '-z', '--stdin'], wanted.join('\0'));
  let copied = 0;
  for (const path of stdout.split('\0')) {
    const to = join(folder, prefix, path);
    if (path === '' || (await exists(to))) continue;
    await makeFolders(dirname(to));
    // A link is copied as a link: the files to which it leads are not in the folder.
    await cp(join(own, path), to, { mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
    copied += 1;
  }
  return copied;
}
