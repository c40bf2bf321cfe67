import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { liveness, ownIdentity, type ProcessIdentity } from '../schedule/identity.ts';

const LOOK_AGAIN_MS = 25;
/** What is done under such a lock takes milliseconds: whoever waits longer waits for a process that stands still. */
const MOST_WAIT_MS = 15_000;
/** A lock whose owner cannot be told (it is just being written, or another machine's) is taken to be left behind after that. */
const UNKNOWN_MS = 10_000;

/**
 * Does something while no other process does it, told by a file beside the one that it is about. For files of settings,
 * which people write by hand as well and which have no journal. What a dead process left is taken over.
 *
 * @throws TaskError `SettingsBusy` when another process does not come to an end
 */
export async function withFileLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await mkdir(dirname(file), { recursive: true });
  const token = JSON.stringify({ ...ownIdentity(), token: randomUUID() });
  for (const end = Date.now() + MOST_WAIT_MS; !(await take(lock, token)); ) {
    await clearLeftBehind(lock);
    if (Date.now() > end) {
      throw new TaskError('SettingsBusy', `${file} is being changed by another process that does not come to an end.`, {
        hint: `Try again; if no such process is there, remove ${lock}.`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  try {
    return await action();
  } finally {
    if ((await readFile(lock, 'utf8').catch(() => '')) === token) await rm(lock, { force: true });
  }
}

async function take(lock: string, token: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx');
    try {
      await handle.writeFile(token);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock that nobody holds any more: moves it away, and puts it back if meanwhile it was somebody's. */
async function clearLeftBehind(lock: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined || !(await isLeftBehind(lock, text))) return;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return; // another process was faster
  }
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await link(aside, lock).catch(() => {});
  await rm(aside, { force: true });
}

async function isLeftBehind(lock: string, text: string): Promise<boolean> {
  const owner = ownerOf(text);
  const state = owner === undefined ? 'unknown' : liveness(owner);
  if (state !== 'unknown') return state === 'dead';
  const since = await stat(lock).catch(() => undefined);
  return since !== undefined && Date.now() - since.mtimeMs > UNKNOWN_MS;
}

function ownerOf(text: string): ProcessIdentity | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    const valid = typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
    return valid ? ({ host, pid, started } as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}
