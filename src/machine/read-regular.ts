import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Neither follows a link nor waits for the other end of a pipe. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a regular file that others may have written.
 *
 * @throws for a link, a folder, a device, a file of more than `mostBytes`, and an error of the system
 */
export async function readRegular(file: string, mostBytes: number): Promise<string> {
  const handle = await open(file, CAREFULLY).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? new Error('it is a link, which is not followed') : error;
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('not a regular file');
    if (stat.size > mostBytes) throw new Error(`${stat.size} bytes; the limit is ${mostBytes}`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
