import { lstat, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from '../../store/make-folders.ts';

/** Links a folder into a checkout unless the target exists or the source is missing. */
export async function linkFolder(from: string, to: string): Promise<boolean> {
  if (!(await exists(from)) || (await exists(to))) return false;
  await makeFolders(dirname(to));
  await symlink(from, to, 'junction');
  return true;
}

/** Also true for a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
