import { dirname, join } from 'node:path';
import { gone } from '../../storage-errors.ts';
import { errorCode, type FileSystem, isMissing, makeFolder, syncFolder } from './file-system.ts';
import type { Layout } from './layout.ts';

/**
 * The parts of `.systemprompt` that git ignores: the state of this machine. Configuration and templates are for
 * sharing.
 */
const IGNORE = `# Written once by SystemPrompt Tasks; yours to change.
state/
worktrees/
`;

const prepared = new WeakMap<Layout, Promise<void>>();

/**
 * Creates the missing folders of a store, once per layout. `fresh` without a journal, as at first and after everything
 * was removed.
 *
 * @throws TaskError `StoreNotWritable` if their parent folder does not exist
 */
export function prepareFolders(fs: FileSystem, layout: Layout, fresh?: 'fresh'): Promise<void> {
  let promise = prepared.get(layout);
  if (promise === undefined || fresh !== undefined) {
    const top = fresh === undefined ? layout.state : dirname(layout.root);
    promise = make(fs, layout, top).catch((error) => {
      prepared.delete(layout);
      throw isMissing(error) ? gone(top) : error;
    });
    prepared.set(layout, promise);
  }
  return promise;
}

async function make(fs: FileSystem, layout: Layout, top: string): Promise<void> {
  for (const folder of [layout.journal, layout.tasks, layout.logs, layout.staging]) await makeFolder(fs, top, folder);
  // The names of the folders must survive a power failure as well as their content.
  for (const folder of [layout.state, layout.root, dirname(layout.root)]) await syncFolder(fs, folder);
  try {
    await fs.writeFile(join(layout.root, '.gitignore'), IGNORE, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
