import { dirname, sep } from 'node:path';
import { type FileSystem, isMissing } from './file-system.ts';
import type { Layout } from './layout.ts';

/**
 * A folder of the store that is a link, or undefined. A repository can contain such a link, and the store would write
 * wherever it leads. Only `.systemprompt` itself may be one, if it stays inside the folder.
 */
export async function folderThatLeadsAway(fs: FileSystem, layout: Layout): Promise<string | undefined> {
  const { root, state, journal, tasks, logs, quarantine, archive, archivedLogs, staging } = layout;
  for (const folder of [root, state, journal, tasks, logs, quarantine, archive, archivedLogs, staging]) {
    try {
      if (!(await fs.lstat(folder)).isSymbolicLink()) continue;
      if (folder !== root) return folder;
      const [target, workspace] = [await fs.realpath(folder), await fs.realpath(dirname(root))];
      if (!target.startsWith(`${workspace}${sep}`)) return folder;
    } catch (error) {
      // Not there, or a link to nothing.
      if (!isMissing(error)) throw error;
      if (await isLink(fs, folder)) return folder;
    }
  }
  return undefined;
}

async function isLink(fs: FileSystem, folder: string): Promise<boolean> {
  return fs.lstat(folder).then(
    (stat) => stat.isSymbolicLink(),
    () => false,
  );
}
