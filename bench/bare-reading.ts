import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../src/store/file/disk/layout.ts';

/** Reads and parses the journal and all task files of a store, as many at a time as are useful, and checks nothing. */
export async function bareReading(folder: string): Promise<unknown[]> {
  const { tasks, journal } = layoutOf(folder);
  const parsed: unknown[] = [];
  for (const name of await readdir(journal)) {
    const path = join(journal, name);
    const text = (await stat(path)).isFile() ? await readFile(path, 'utf8') : '';
    for (const line of text.split('\n')) if (line !== '') parsed.push(JSON.parse(line));
  }
  const queue = (await readdir(tasks)).values();
  const work = async (): Promise<void> => {
    for (const name of queue) parsed.push(JSON.parse(await readFile(join(tasks, name), 'utf8')));
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return parsed;
}
