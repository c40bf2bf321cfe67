import { identityIn, liveness, ownIdentity } from '../../machine/identity.ts';
import type { LockOwner } from '../../store/ports.ts';

/** Reports whether the owner of a lock is still running. */
export const lockOwner: LockOwner = {
  own: () => ({ ...ownIdentity() }),
  state(owner) {
    const identity = identityIn(owner);
    return identity === undefined ? 'unknown' : liveness(identity);
  },
};
