import { realpathSync } from 'node:fs';
import { uptime } from 'node:os';
import { identityIn, liveness, ownIdentity, type ProcessIdentity } from '../../machine/identity.ts';
import type { Coordination } from '../../store/ports.ts';

/** The record by which a running worker announces itself. */
export interface WorkerPresence extends ProcessIdentity {
  readonly id: string;
  /** The folder whose tasks it runs. A copy of the folder has no such worker. */
  readonly folder: string;
  readonly since: string;
  /** Started manually in a terminal, in the background by a face, or inside a program. */
  readonly mode: 'foreground' | 'background' | 'embedded';
  /** Maximum number of running tasks, if it was given to this worker. Undefined: that of the settings. */
  readonly max_parallel?: number | undefined;
  /** Names of the agents whose tasks it runs, for other machines. Undefined: those that are installed here. */
  readonly agents?: readonly string[] | undefined;
  /** True if it runs the tasks of some agents only, so that others need another worker. */
  readonly limited?: boolean | undefined;
}

/** A worker as other processes see it. */
export interface KnownWorker extends WorkerPresence {
  /** Milliseconds since it last announced itself in a shared store, by the clock of the store. */
  readonly seenAgo: number;
}

/** A worker of a shared store announces itself again after this time. */
export const ANNOUNCE_MS = 15_000;
/** A worker of another machine is considered dead after this time without an announcement. */
const SILENT_MS = 4 * ANNOUNCE_MS;

/** More slots of one worker are a mistake, or a lie in a shared store. */
const MAX_SLOTS = 10_000;
const MAX_NAME = 300;

interface Abilities {
  readonly maxParallel?: number | undefined;
  readonly agents?: readonly string[] | undefined;
  readonly limited?: boolean | undefined;
}

export async function announce(
  coordination: Coordination,
  id: string,
  mode: WorkerPresence['mode'],
  { maxParallel, agents, limited }: Abilities = {},
): Promise<WorkerPresence> {
  const presence: WorkerPresence = {
    id,
    folder: realFolder(coordination),
    ...ownIdentity(),
    since: new Date().toISOString(),
    mode,
    ...(maxParallel === undefined ? {} : { max_parallel: maxParallel }),
    ...(agents === undefined ? {} : { agents }),
    ...(limited === true ? { limited } : {}),
  };
  await coordination.write('workers', id, `${JSON.stringify(presence)}\n`);
  return presence;
}

/** A folder that is gone has no real path; reading its presences must not fail. */
function realFolder({ folder }: Coordination): string {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return folder;
    throw error;
  }
}

export async function withdraw(coordination: Coordination, id: string): Promise<void> {
  await coordination.remove('workers', [id]);
}

/** Workers of this folder on this machine that are alive, oldest first. Removes the presence of dead ones. */
export async function livingWorkers(coordination: Coordination): Promise<WorkerPresence[]> {
  const folder = realFolder(coordination);
  const living = (await cleared(coordination)).filter(({ state }) => state === 'alive');
  return living.flatMap(({ presence }) => ((presence.folder ?? folder) === folder ? [presence] : []));
}

/**
 * Workers of this folder, and in a shared store those of other folders and machines that announced themselves lately,
 * oldest first. Removes the presence of dead ones.
 */
export async function knownWorkers(coordination: Coordination): Promise<KnownWorker[]> {
  const found = (await cleared(coordination)).filter(({ state }) => state === 'alive' || coordination.isShared);
  return found.map(({ presence, seenAgo }) => ({ ...presence, seenAgo }));
}

/** Ids of workers that ended without withdrawing, and of presences that cannot be read. */
export async function deadPresences(coordination: Coordination): Promise<string[]> {
  return (await readPresences(coordination)).filter(({ state }) => state === 'dead').map(({ key }) => key);
}

interface ReadPresence {
  readonly key: string;
  readonly presence: WorkerPresence | undefined;
  readonly state: 'alive' | 'dead' | 'unknown';
  readonly seenAgo: number;
}

/** Presences without those of dead workers, which are removed; oldest first. */
async function cleared(coordination: Coordination): Promise<(ReadPresence & { presence: WorkerPresence })[]> {
  const others: (ReadPresence & { presence: WorkerPresence })[] = [];
  const dead: string[] = [];
  for (const { presence, ...read } of await readPresences(coordination)) {
    if (read.state === 'dead' || presence === undefined) dead.push(read.key);
    else others.push({ ...read, presence });
  }
  // A folder that cannot be written keeps the file, and reading it must not fail.
  if (dead.length > 0) await coordination.remove('workers', dead).catch(() => {});
  return others.sort((a, b) => (a.presence.since < b.presence.since ? -1 : 1));
}

async function readPresences(coordination: Coordination): Promise<ReadPresence[]> {
  const { isShared } = coordination;
  const folder = realFolder(coordination);
  const stateOf = (presence: WorkerPresence | undefined, seenAgo: number): ReadPresence['state'] => {
    if (presence === undefined || isOfEarlierBoot(presence)) return 'dead';
    // A copy of a folder has no worker, although the files of the presences were copied with it.
    if (!isShared && presence.folder !== undefined && presence.folder !== folder) return 'dead';
    const state = liveness(presence);
    return state === 'unknown' && isShared && seenAgo > SILENT_MS ? 'dead' : state;
  };
  return (await coordination.entries('workers')).map(({ key, text, age }) => {
    const presence = parsedPresence(text);
    const seenAgo = isShared ? age : 0;
    return { key, presence, seenAgo, state: stateOf(presence, seenAgo) };
  });
}

/**
 * True for a worker of this machine name that started before this machine, if neither machine has an id to compare. Its
 * leases remain valid until they expire; without its presence another worker starts, which is safe.
 */
export function isOfEarlierBoot(
  { host, machine, boot, since }: Pick<WorkerPresence, 'host' | 'machine' | 'boot' | 'since'>,
  own: Pick<ProcessIdentity, 'host' | 'machine' | 'boot'> = ownIdentity(),
  bootedAt: number = Date.now() - uptime() * 1_000,
): boolean {
  const comparable = boot !== undefined && own.boot !== undefined && machine === undefined && own.machine === undefined;
  return comparable && host === own.host && boot !== own.boot && Date.parse(since) < bootedAt;
}

function parsedPresence(text: string | undefined): WorkerPresence | undefined {
  try {
    const value = identityIn(JSON.parse(text ?? ''));
    return value !== undefined && isPresence(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const modes: readonly unknown[] = ['foreground', 'background', 'embedded'] satisfies WorkerPresence['mode'][];

/** Without a schema, because most commands look for workers. Other programs can write into a shared store. */
function isPresence(value: ProcessIdentity): value is WorkerPresence {
  const { id, folder, since, mode, max_parallel: most, agents, limited } = value as Partial<WorkerPresence>;
  return (
    isName(id) &&
    isName(value.host) &&
    (folder === undefined || typeof folder === 'string') &&
    isName(since) &&
    !Number.isNaN(Date.parse(since)) &&
    modes.includes(mode) &&
    (most === undefined || (Number.isInteger(most) && most >= 1 && most <= MAX_SLOTS)) &&
    (agents === undefined || (Array.isArray(agents) && agents.every(isName))) &&
    (limited === undefined || typeof limited === 'boolean')
  );
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_NAME;
}
