import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import { makeFolders } from '../../make-folders.ts';
import type { LockOwner } from '../../ports.ts';

const RETRY_MS = 25;
/** Work under such a lock takes milliseconds, so a longer wait means that its holder is suspended. */
const MAX_WAIT_MS = 15_000;
/** A lock whose owner is unknown (half written, or of another machine) counts as abandoned after this time. */
const UNKNOWN_MS = 10_000;

/**
 * Runs an action while no other process runs one on the same file, with a lock file beside it. For settings files,
 * which people also edit manually and which have no journal. Takes the lock of a process that died.
 *
 * @throws TaskError `SettingsBusy` if another process keeps the lock for 15 s
 */
export async function withFileLock<T>(file: string, owner: LockOwner, action: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await makeFolders(dirname(file));
  const token = JSON.stringify({ ...owner.own(), token: randomUUID() });
  for (const end = Date.now() + MAX_WAIT_MS; !(await take(lock, token)); ) {
    await removeAbandoned(lock, owner);
    if (Date.now() > end) {
      throw new TaskError('SettingsBusy', `Another process keeps ${file} locked.`, {
        next: [textStep(`Try again. If no such process is running, remove ${lock}.`)],
      });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
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

/** Moves an abandoned lock away, and puts it back if another process took the lock in between. */
async function removeAbandoned(lock: string, owner: LockOwner): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined || !(await isAbandoned(lock, text, owner))) return;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return; // another process was faster
  }
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await link(aside, lock).catch(() => {});
  await rm(aside, { force: true });
}

async function isAbandoned(lock: string, text: string, owner: LockOwner): Promise<boolean> {
  const state = owner.state(parsed(text));
  if (state !== 'unknown') return state === 'dead';
  const since = await stat(lock).catch(() => undefined);
  return since !== undefined && Date.now() - since.mtimeMs > UNKNOWN_MS;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
