import { dirname, sep } from 'node:path';
import { type FileSystem, isMissing } from './file-system.ts';
import type { Layout } from './layout.ts';

/**
 * Why a folder of the store cannot be used, as a sentence; undefined if all can. A repository can contain such a link, and the store would write
 * to its target. Only `.systemprompt` itself may be one, if it stays inside the folder.
 */
export async function unusableFolder(fs: FileSystem, layout: Layout): Promise<string | undefined> {
  const { root, state, journal, tasks, logs, quarantine, archive, archivedLogs, staging } = layout;
  for (const folder of [root, state, journal, tasks, logs, quarantine, archive, archivedLogs, staging]) {
    try {
      const look = await fs.lstat(folder);
      if (!look.isDirectory() && !look.isSymbolicLink()) return `${folder} is not a folder: put a folder in its place.`;
      if (!look.isSymbolicLink()) continue;
      if (folder !== root) return linked(folder);
      const [target, workspace] = [await fs.realpath(folder), await fs.realpath(dirname(root))];
      if (!target.startsWith(`${workspace}${sep}`)) return linked(folder);
    } catch (error) {
      // Missing, or a dangling link.
      if (!isMissing(error)) throw error;
      if (await isLink(fs, folder)) return linked(folder);
    }
  }
  return undefined;
}

function linked(folder: string): string {
  return `${folder} is a link. Links are not followed: put a folder in its place.`;
}

async function isLink(fs: FileSystem, folder: string): Promise<boolean> {
  return fs.lstat(folder).then(
    (stat) => stat.isSymbolicLink(),
    () => false,
  );
}
