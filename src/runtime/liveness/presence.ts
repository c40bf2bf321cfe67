import { realpath } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { Coordination } from '../../store/ports.ts';
import { liveness, ownIdentity, type ProcessIdentity } from './identity.ts';

/** The record by which a running worker announces itself. */
export interface WorkerPresence extends ProcessIdentity {
  readonly id: string;
  /** The folder whose tasks it runs. A copy of the folder has no such worker. */
  readonly folder: string;
  readonly since: string;
  /** Started by hand in a terminal, in the background by a face, or inside a program. */
  readonly mode: 'foreground' | 'background' | 'embedded';
}

export async function announce(
  coordination: Coordination,
  id: string,
  mode: WorkerPresence['mode'],
): Promise<WorkerPresence> {
  const presence: WorkerPresence = {
    id,
    folder: await realpath(coordination.folder),
    ...ownIdentity(),
    since: new Date().toISOString(),
    mode,
  };
  await coordination.write('workers', id, `${JSON.stringify(presence)}\n`);
  return presence;
}

export async function withdraw(coordination: Coordination, id: string): Promise<void> {
  await coordination.remove('workers', id);
}

/** Workers of this machine that are alive, oldest first. Removes the presence of dead ones. */
export async function livingWorkers(coordination: Coordination): Promise<WorkerPresence[]> {
  const living: WorkerPresence[] = [];
  for (const key of await coordination.keys('workers')) {
    const presence = await readPresence(coordination, key);
    const state = presence === undefined || isOfEarlierBoot(presence) ? 'dead' : liveness(presence);
    // A folder that cannot be written keeps the file, and reading it must not fail.
    if (state === 'dead') await coordination.remove('workers', key).catch(() => {});
    else if (state === 'alive' && presence !== undefined) living.push(presence);
  }
  return living.sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** Ids of workers that ended without withdrawing, and of presences that cannot be read. */
export async function deadPresences(coordination: Coordination): Promise<string[]> {
  const dead: string[] = [];
  for (const key of await coordination.keys('workers')) {
    const presence = await readPresence(coordination, key);
    if (presence === undefined || isOfEarlierBoot(presence) || liveness(presence) === 'dead') dead.push(key);
  }
  return dead;
}

/**
 * True for a worker of this machine name that started before this machine, where no machine has an id to compare. Its
 * leases still hold until they expire; without its presence another worker starts, which is safe.
 */
export function isOfEarlierBoot(
  { host, machine, boot, since }: Pick<WorkerPresence, 'host' | 'machine' | 'boot' | 'since'>,
  own: Pick<ProcessIdentity, 'host' | 'machine' | 'boot'> = ownIdentity(),
  bootedAt: number = Date.now() - uptime() * 1_000,
): boolean {
  const comparable = boot !== undefined && own.boot !== undefined && machine === undefined && own.machine === undefined;
  return comparable && host === own.host && boot !== own.boot && Date.parse(since) < bootedAt;
}

/** Undefined also for the presence of a worker that runs the tasks of the folder of which this one is a copy. */
async function readPresence(coordination: Coordination, key: string): Promise<WorkerPresence | undefined> {
  try {
    const value: unknown = JSON.parse((await coordination.read('workers', key)) ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const { id, folder, host, pid, started } = value as Partial<WorkerPresence>;
    if (folder !== undefined && folder !== (await realpath(coordination.folder))) return undefined;
    const valid =
      typeof id === 'string' && typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
    return valid ? (value as WorkerPresence) : undefined;
  } catch {
    return undefined;
  }
}
