import type { TaskRecord } from '../../../core/task/schema.ts';
import { type FileLook, type FileSystem, isMissing, removeIfThere } from '../disk/file-system.ts';
import { type Layout, taskFile } from '../disk/layout.ts';

// Loaded when a file must last or goes: a list of tasks needs none of it.

const PARALLEL = 16;

/** A task whose file is to be written. */
export interface Wanted {
  readonly id: string;
  /** Undefined for a file to be removed. */
  readonly record: TaskRecord | undefined;
}

export type Look = Omit<FileLook, 'ctimeMs'>;

/** A file that waits for its rename. */
export interface Staged {
  readonly file: string;
  readonly stat: Look;
}

/** Stages files durably. A file that cannot be staged is left to its later writing, which tries again. */
export async function stageAhead(
  fs: FileSystem,
  wanted: readonly Wanted[],
  contentOf: (record: TaskRecord) => { readonly file: string; readonly text: Buffer },
): Promise<Map<string, Staged>> {
  const ahead = new Map<string, Staged>();
  const queue = wanted.values();
  const work = async (): Promise<void> => {
    for (const { id, record } of queue) {
      if (record === undefined) continue;
      try {
        const { file, text } = contentOf(record);
        ahead.set(id, { file, stat: await writeDurably(fs, file, text) });
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, wanted.length) }, work));
  return ahead;
}

/** Writes a new file, and resolves when the disk has it. */
export async function writeDurably(fs: FileSystem, file: string, text: Buffer): Promise<Look> {
  const handle = await fs.open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.datasync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

/** Removes the file of a task by a rename, unless the journal knows of no removal. */
export async function removeTaskFile(
  { fs, layout, isRemoved }: { fs: FileSystem; layout: Layout; isRemoved(id: string): boolean },
  id: string,
  aside: string,
): Promise<void> {
  const file = taskFile(layout, id);
  if (!isRemoved(id)) {
    // The task is unknown here, for example if its file is unreadable. Other processes must release the journal then.
    if (await isThere(fs, file)) throw new Error(`${file} is not understood; it is left as it is.`);
    return;
  }
  try {
    await fs.rename(file, aside);
  } catch (error) {
    if (isMissing(error) && !(await isThere(fs, file))) return;
    throw error;
  }
  await removeIfThere(fs, aside);
}

async function isThere(fs: FileSystem, file: string): Promise<boolean> {
  try {
    await fs.lstat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
