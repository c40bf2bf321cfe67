import { dirname, join } from 'node:path';
import { errorCode, type FileSystem, syncFolder } from './file-system.ts';
import type { Layout } from './layout.ts';

/** What git ignores of `.systemprompt`: the state of this machine. Configuration and templates are for sharing. */
const IGNORE = `# Written once by SystemPrompt Tasks; yours to change.
state/
worktrees/
`;

const prepared = new WeakMap<Layout, Promise<void>>();

/** Makes the folders of a store, once per layout; `again` when there is no journal, as after somebody removed them. */
export function prepareFolders(fs: FileSystem, layout: Layout, again?: 'again'): Promise<void> {
  let promise = prepared.get(layout);
  if (promise === undefined || again !== undefined) {
    promise = make(fs, layout).catch((error) => {
      prepared.delete(layout);
      throw error;
    });
    prepared.set(layout, promise);
  }
  return promise;
}

async function make(fs: FileSystem, layout: Layout): Promise<void> {
  for (const folder of [layout.journal, layout.tasks, layout.logs, layout.staging]) {
    await fs.mkdir(folder, { recursive: true });
  }
  // The names of the folders must survive a power cut as well, not only what is in them.
  for (const folder of [layout.state, layout.root, dirname(layout.root)]) await syncFolder(fs, folder);
  try {
    await fs.writeFile(join(layout.root, '.gitignore'), IGNORE, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
