import { basename, join } from 'node:path';
import { errorCode, type FileSystem, isMissing } from './file-system.ts';
import type { Layout } from './layout.ts';

const MAX_NAMES = 1_000;

/** A file that is invalid, and why. */
export interface BadFile {
  readonly file: string;
  readonly reason: string;
  /** It stays where it is: it may well be a task. */
  readonly stays?: true;
}

/**
 * Moves invalid files to quarantine, each with the reason beside it. Nothing is deleted: a person can correct the file
 * and move it back. A failed move does not prevent the other ones.
 *
 * @throws the first failure
 */
export async function quarantine(fs: FileSystem, layout: Layout, files: readonly BadFile[], at: string): Promise<void> {
  if (files.length === 0) return;
  await fs.mkdir(layout.quarantine, { recursive: true });
  const stamp = at.replace(/[:.]/g, '-');
  const failures: unknown[] = [];
  for (const { file, reason, stays } of files) {
    if (stays === true) continue;
    try {
      await putAside(fs, file, join(layout.quarantine, `${stamp}-${basename(file)}`), reason);
    } catch (error) {
      // Another process was faster.
      if (!isMissing(error)) failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** The file with the reason is created first and exclusively: it reserves the name for the moved file. */
async function putAside(fs: FileSystem, file: string, wanted: string, reason: string): Promise<void> {
  await fs.lstat(file);
  for (let count = 1; ; count += 1) {
    const target = count === 1 ? wanted : `${wanted}.${count}`;
    try {
      await fs.writeFile(`${target}.reason.txt`, `${reason}\nIt was ${file}.\n`, { flag: 'wx' });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || count === MAX_NAMES) throw error;
      continue;
    }
    try {
      await fs.rename(file, target);
      return;
    } catch (error) {
      await fs.rm(`${target}.reason.txt`, { force: true });
      throw error;
    }
  }
}
