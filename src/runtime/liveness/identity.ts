import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Lease } from '../../core/task/schema.ts';

/** A process on some machine, told apart from a later one with the same id by when it started. */
export type ProcessIdentity = Pick<Lease, 'host' | 'pid' | 'started'>;

export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, started: startedAt(process.pid) ?? '' };
}

/** `unknown` for a process of another machine, which only the expiry of its lease can tell of. */
export function liveness(owner: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (owner.host !== hostname()) return 'unknown';
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it is there, but another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const started = startedAt(owner.pid);
  return started === undefined || owner.started === '' || started === owner.started ? 'alive' : 'dead';
}

/** True while the holder of a lease can be taken to be at work. */
export function leaseIsLive(lease: Lease, now: number): boolean {
  const owner = liveness(lease);
  if (owner === 'dead') return false;
  return Date.parse(lease.expires_at) > now;
}

/** Linux: ticks since boot, from /proc. Elsewhere nothing is known, and the id alone has to do. */
function startedAt(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: nobody works there.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
