import { basename, join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import type { BadFile } from './task-files.ts';

/**
 * Puts files that could not be understood aside, each with the reason beside it. Nothing is deleted: a person can mend
 * the file and put it back.
 */
export async function quarantine(fs: FileSystem, layout: Layout, files: readonly BadFile[], at: string): Promise<void> {
  if (files.length === 0) return;
  await fs.mkdir(layout.quarantine, { recursive: true });
  const stamp = at.replace(/[:.]/g, '-');
  for (const { file, reason } of files) {
    const target = join(layout.quarantine, `${stamp}-${basename(file)}`);
    await fs.rename(file, target);
    await fs.writeFile(`${target}.reason.txt`, `${reason}\nIt was ${file}.\n`);
  }
}
