import { join } from 'node:path';
import { errorCode, type FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';

/** What git ignores of `.systemprompt`: the state of this machine. Configuration and templates are for sharing. */
const IGNORE = `# Written once by SystemPrompt Tasks; yours to change.
state/
worktrees/
`;

const prepared = new WeakMap<Layout, Promise<void>>();

/** Makes the folders of a store, once per layout. */
export function prepareFolders(fs: FileSystem, layout: Layout): Promise<void> {
  let promise = prepared.get(layout);
  if (promise === undefined) {
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
  try {
    await fs.writeFile(join(layout.root, '.gitignore'), IGNORE, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
