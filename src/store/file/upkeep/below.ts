import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder and everything below it. Links are listed and not followed. */
export async function* below(top: string): AsyncIterable<{ readonly path: string; readonly stat: Stats }> {
  const queue = [top];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const stat = await lstat(path).catch(() => undefined);
    if (stat === undefined) continue;
    yield { path, stat };
    if (!stat.isDirectory()) continue;
    for (const name of await readdir(path).catch(() => [] as string[])) queue.push(join(path, name));
  }
}
