import type { LockOwner } from '../../store/ports.ts';
import { liveness, ownIdentity, type ProcessIdentity } from '../liveness/identity.ts';

/** Tells of a lock whether the process that took it is still running. */
export const lockOwner: LockOwner = {
  own: () => ({ ...ownIdentity() }),
  state(owner) {
    const { host, pid, started } = (owner ?? {}) as Partial<ProcessIdentity>;
    const valid = typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
    return valid ? liveness(owner as ProcessIdentity) : 'unknown';
  },
};
