import { rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityIn, liveness, ownIdentity } from './identity.ts';
import { readRegular } from './read-regular.ts';

/** A private folder for the time of one use. */
export interface TemporaryFolder {
  /** Only this user can enter it. */
  readonly path: string;
  /** Never fails: the folder is removed later if it cannot be removed now. */
  remove(): Promise<void>;
}

/** The beginning of the name of a process's folder. Its end is chosen by the system. */
const PREFIX = 'systemprompt-temp-';
const OWNER = 'owner.json';
const MAX_OWNER_BYTES = 10_000;
/** A folder without an owner is one whose process ended, or is about to write its name. */
const UNOWNED_MS = 3_600_000;

/** The folder of this process in each folder for temporary files. */
const own = new Map<string, Promise<string>>();

/**
 * Makes a folder for temporary files outside of the workspace. All such folders of a process are in one that names it. That
 * one is removed when the process ends, or by {@link removeLeftBehind} in another process if this one is killed.
 *
 * @param name its purpose, in lower case letters
 */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  const path = await makeIn(await ownFolder(), name);
  return { path, remove: () => rm(path, { recursive: true, force: true }).catch(() => {}) };
}

/** Runs an action with a temporary folder, and removes the folder. */
export async function withTemporaryFolder<T>(name: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder(name);
  try {
    return await use(folder.path);
  } finally {
    await folder.remove();
  }
}

async function makeIn(folder: string, name: string): Promise<string> {
  try {
    return await mkdtemp(join(folder, `${name}-`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Systems remove old files from the folder for temporary ones, also those of a living process.
    own.delete(tmpdir());
    return mkdtemp(join(await ownFolder(), `${name}-`));
  }
}

function ownFolder(): Promise<string> {
  const parent = tmpdir();
  const known = own.get(parent);
  if (known !== undefined) return known;
  const made = makeOwnFolder(parent);
  own.set(parent, made);
  made.catch(() => own.delete(parent));
  return made;
}

async function makeOwnFolder(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, PREFIX));
  process.once('exit', () => removeNow(folder));
  await writeFile(join(folder, OWNER), JSON.stringify(ownIdentity()), { mode: 0o600 });
  return folder;
}

function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another process removes it later.
  }
}

/**
 * Removes the temporary folders of processes of this user that were killed. Folders of living processes, and of processes
 * that this one cannot see, stay.
 *
 * @returns the number of removed folders
 */
export async function removeLeftBehind(): Promise<number> {
  const parent = tmpdir();
  const names = (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(PREFIX));
  let removed = 0;
  for (const name of names) {
    if (await removeIfLeft(join(parent, name)).catch(() => false)) removed += 1;
  }
  return removed;
}

async function removeIfLeft(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  // Only this user can have written into such a folder, so that its content is what this product wrote.
  const isPrivate = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isPrivate) return false;
  const text = await readRegular(join(folder, OWNER), MAX_OWNER_BYTES).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text === undefined) {
    if (Date.now() - found.mtimeMs < UNOWNED_MS) return false;
    // Fails for a folder with files, whose owner is unknown.
    await rmdir(folder);
    return true;
  }
  const owner = identityIn(JSON.parse(text));
  if (owner === undefined || liveness(owner) !== 'dead') return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}
