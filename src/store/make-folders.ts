import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** As for all that the product makes: instructions, outputs and approvals are for the person alone. */
const FOLDER_MODE = 0o700;

/**
 * Makes a folder and its missing parents, for the person alone. `mkdir` with `recursive` retries for ever where the system answers ENOENT for
 * a folder whose parent exists, as /proc and some network mounts do. This walk ends at the first existing parent.
 *
 * @throws the error of the system, for example ENOENT, EACCES or ENOTDIR
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      await makeFolders(dirname(folder));
      await makeOne(folder);
    } else await requireFolder(folder, error);
  }
}

/** Another process may make the same folder at the same moment. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    await requireFolder(folder, error);
  }
}

async function requireFolder(folder: string, error: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
