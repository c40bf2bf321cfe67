import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Lease } from '../core/task/schema.ts';

/** A process on some machine. The start time distinguishes it from a later process with the same id. */
export type ProcessIdentity = Pick<Lease, 'host' | 'machine' | 'boot' | 'pid_namespace' | 'pid' | 'started'>;

/** The part of an identity that determines the process table of its pid. */
type Place = Pick<ProcessIdentity, 'machine' | 'boot' | 'pid_namespace'>;

export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), ...ownPlace(), pid: process.pid, started: startedAt(process.pid) ?? '' };
}

/** The identity in a value from a file; undefined if it is none. */
export function identityIn(value: unknown): ProcessIdentity | undefined {
  const { host, pid, started } = (value ?? {}) as Partial<ProcessIdentity>;
  const valid = typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
  return valid ? (value as ProcessIdentity) : undefined;
}

/**
 * Whether a process is running. `unknown` for a process of another machine, container or boot: its pid means nothing
 * here, so only the expiry of its lease decides.
 */
export function liveness(owner: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const place = placeOf(owner);
  if (place !== 'here') return place === 'earlier boot' ? 'dead' : 'unknown';
  // Of a group of processes, as kill(2) takes such a pid, the signal would reach some.
  if (owner.pid <= 0) return 'dead';
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const started = startedAt(owner.pid);
  return started === undefined || owner.started === '' || started === owner.started ? 'alive' : 'dead';
}

/**
 * True while the owner of a lease may be working. A living owner on this machine keeps its lease for any clock value,
 * because a clock can jump. Any other owner keeps it until it expires.
 *
 * @param now the time of the store, in milliseconds
 */
export function leaseIsLive(lease: Lease, now: number): boolean {
  const owner = liveness(lease);
  return owner === 'unknown' ? Date.parse(lease.expires_at) > now : owner === 'alive';
}

function placeOf(owner: ProcessIdentity): 'here' | 'earlier boot' | 'elsewhere' {
  const own = ownPlace();
  // Identities of version 0.1, and those of systems without boot ids, contain only the name of the machine.
  if (owner.boot === undefined || own.boot === undefined) return owner.host === hostname() ? 'here' : 'elsewhere';
  if (owner.boot === own.boot) {
    // Containers on one machine share its boot id, and may share their name.
    return owner.machine === own.machine && owner.pid_namespace === own.pid_namespace ? 'here' : 'elsewhere';
  }
  // Containers of one image may share a machine id or a name, rarely both.
  const sameMachine = owner.machine !== undefined && owner.machine === own.machine && owner.host === hostname();
  return sameMachine ? 'earlier boot' : 'elsewhere';
}

function ownPlace(): Place {
  if (process.platform !== 'linux') return {};
  const machine = read('/etc/machine-id');
  const boot = read('/proc/sys/kernel/random/boot_id');
  const namespace = link('/proc/self/ns/pid');
  return {
    // The id itself is confidential (machine-id(5)).
    ...(machine === undefined ? {} : { machine: createHash('sha256').update(machine).digest('hex').slice(0, 16) }),
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { pid_namespace: namespace }),
  };
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'latin1').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** On Linux the ticks between boot and the start of the process, from /proc. Undefined elsewhere. */
function startedAt(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; its parent has not collected it yet.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
