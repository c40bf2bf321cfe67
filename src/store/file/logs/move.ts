import { join } from 'node:path';
import { errorCode, type FileSystem, isMissing, removeIfThere, syncFolder } from '../disk/file-system.ts';
import { logFile, logFolder, namesIn } from './layout.ts';
import { endedParts, isSameFile, type LogPart, partFile, partNames } from './parts.ts';

const MAX_ATTEMPTS = 20;

/** Removes all of a log. Can be done twice. */
export async function removeLog(fs: FileSystem, root: string, id: string): Promise<void> {
  await fs.rm(logFile(root, id), { force: true });
  await fs.rm(logFolder(root, id), { recursive: true, force: true });
}

/** Moves the ended parts of a log to another place; where there are some already, behind them. Can be done again. */
export async function moveLog(fs: FileSystem, from: string, to: string, id: string): Promise<void> {
  const folder = logFolder(from, id);
  if ((await partNames(fs, from, id)).length === 0) return;
  await fs.mkdir(to, { recursive: true });
  try {
    await fs.rename(folder, logFolder(to, id));
  } catch (error) {
    // Another process has moved it.
    if (isMissing(error)) return;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    await moveBehind(fs, from, to, id);
  }
  await syncFolder(fs, to);
}

/**
 * Several processes may do this at once, and each may die at any step. A part therefore gets its new name by a link
 * that never replaces, and the folder is only removed when it is empty.
 */
async function moveBehind(fs: FileSystem, from: string, to: string, id: string): Promise<void> {
  const folder = logFolder(from, id);
  for (let attempt = 1; ; attempt += 1) {
    for (const part of await endedParts(fs, from, id)) if (!part.ending) await movePart(fs, part, to, id);
    for (const name of await namesIn(fs, folder)) {
      if (name === 'index.json') await removeIfThere(fs, join(folder, name));
      else if (!/^\d{1,7}\.jsonl(\.gz)?$/.test(name))
        await renameIfThere(fs, join(folder, name), join(logFolder(to, id), name));
    }
    try {
      await fs.rm(join(logFolder(to, id), 'index.json'), { force: true });
      await fs.rmdir(folder);
      return;
    } catch (error) {
      if (isMissing(error)) return;
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '') || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function movePart(fs: FileSystem, part: LogPart, to: string, id: string): Promise<void> {
  for (;;) {
    const there = await endedParts(fs, to, id);
    if (!there.some(({ file }) => isSameFile(fs, file, part.file))) {
      const number = (there.at(-1)?.number ?? -1) + 1;
      try {
        await fs.link(part.file, `${partFile(to, id, number)}${part.compressed ? '.gz' : ''}`);
      } catch (error) {
        if (isMissing(error)) return;
        if (errorCode(error) !== 'EEXIST') throw error;
        continue;
      }
    }
    return removeIfThere(fs, part.file);
  }
}

async function renameIfThere(fs: FileSystem, from: string, to: string): Promise<void> {
  try {
    await fs.rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
