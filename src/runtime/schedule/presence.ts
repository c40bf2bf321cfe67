import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../store/file/file-system.ts';
import { liveness, ownIdentity, type ProcessIdentity } from './identity.ts';

/** What a living worker says of itself, in a file of its own in `.systemprompt/state/workers`. */
export interface WorkerPresence extends ProcessIdentity {
  readonly id: string;
  /** Whose tasks it runs: in a copy of the folder it is nobody. */
  readonly folder: string;
  readonly since: string;
  /** Started by hand in a terminal, or by a face in the background. */
  readonly mode: 'foreground' | 'background' | 'embedded';
}

function folderOf(workspace: string): string {
  return join(workspace, '.systemprompt', 'state', 'workers');
}

export async function announce(workspace: string, id: string, mode: WorkerPresence['mode']): Promise<WorkerPresence> {
  const presence: WorkerPresence = {
    id,
    folder: await realpath(workspace),
    ...ownIdentity(),
    since: new Date().toISOString(),
    mode,
  };
  const folder = folderOf(workspace);
  await makeFolder({ mkdir }, workspace, folder);
  // As a whole: whoever reads half of it takes the worker for dead, and clears the file away.
  const file = join(folder, `${id}.json`);
  await writeFile(`${file}.new`, `${JSON.stringify(presence)}\n`);
  await rename(`${file}.new`, file);
  return presence;
}

export async function withdraw(workspace: string, id: string): Promise<void> {
  await rm(join(folderOf(workspace), `${id}.json`), { force: true });
}

/** Workers of this machine that are alive. What dead ones left is cleared away. */
export async function livingWorkers(workspace: string): Promise<WorkerPresence[]> {
  const folder = folderOf(workspace);
  const names = await namesIn(folder);
  const living: WorkerPresence[] = [];
  for (const name of names) {
    const presence = await readPresence(join(folder, name), workspace);
    const state = presence === undefined ? 'dead' : liveness(presence);
    if (state === 'dead') await rm(join(folder, name), { force: true });
    else if (state === 'alive' && presence !== undefined) living.push(presence);
  }
  return living.sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** Names of the files that workers left which are not alive, and of files that are none. */
export async function deadPresences(workspace: string): Promise<string[]> {
  const folder = folderOf(workspace);
  const names = await namesIn(folder);
  const dead: string[] = [];
  for (const name of names) {
    const presence = await readPresence(join(folder, name), workspace);
    if (presence === undefined || liveness(presence) === 'dead') dead.push(name);
  }
  return dead;
}

/** Not those that are being written. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.filter((name) => !name.endsWith('.new'));
}

/** Undefined also for one that came along with a copy of the folder. */
async function readPresence(file: string, workspace: string): Promise<WorkerPresence | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { id, folder, host, pid, started } = value as Partial<WorkerPresence>;
    if (folder !== undefined && folder !== (await realpath(workspace))) return undefined;
    const valid =
      typeof id === 'string' && typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
    return valid ? (value as WorkerPresence) : undefined;
  } catch {
    return undefined;
  }
}
