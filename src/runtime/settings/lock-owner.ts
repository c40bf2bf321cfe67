import type { LockOwner } from '../../store/ports.ts';
import { liveness, ownIdentity, type ProcessIdentity } from '../liveness/identity.ts';

/** Reports whether the owner of a lock is still running. */
export const lockOwner: LockOwner = {
  own: () => ({ ...ownIdentity() }),
  state(owner) {
    const { host, pid, started } = (owner ?? {}) as Partial<ProcessIdentity>;
    const valid = typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string';
    return valid ? liveness(owner as ProcessIdentity) : 'unknown';
  },
};
