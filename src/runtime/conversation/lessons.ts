import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { lessonsIn } from '../../core/agent/lessons.ts';
import { readRegular } from '../../machine/read-regular.ts';

/** Bytes of a file that can hold notes of a person. */
const MAX_BYTES = 256_000;

/** The lessons in `.systemprompt/notes.md`. Undefined for a missing, linked, large or unreadable file. */
export async function readLessons(folder: string): Promise<string | undefined> {
  const store = join(folder, '.systemprompt');
  try {
    if (!(await lstat(store)).isDirectory()) return undefined;
    return lessonsIn(await readRegular(join(store, 'notes.md'), MAX_BYTES));
  } catch {
    return undefined;
  }
}
