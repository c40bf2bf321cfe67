import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { sanitizeLine } from '../core/text/sanitize.ts';
import { makeFolders } from '../store/make-folders.ts';

/**
 * Writes files into a folder, which is created.
 *
 * @param files names with slashes, relative to the folder
 * @throws TaskError `InvalidInput` for a folder with files, which could belong to other tasks
 */
export async function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  await makeFolders(folder);
  if ((await readdir(folder)).length > 0) {
    throw new TaskError('InvalidInput', `The folder ${sanitizeLine(folder)} is not empty.`, {
      next: [textStep('Name a new folder.')],
    });
  }
  for (const { name, text } of files) {
    const file = join(folder, name);
    await makeFolders(dirname(file));
    await writeFile(file, text, { flag: 'wx' });
  }
}
