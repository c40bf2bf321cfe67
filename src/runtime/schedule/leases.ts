import type { Logger } from '../../core/logger.ts';
import type { Lease } from '../../core/task/schema.ts';
import { ownIdentity } from '../../machine/identity.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { WorkClock } from '../liveness/work-clock.ts';

const LEASE_MS = 45_000;
/** For an open session, which does no work, so that its loss may be detected later. */
const IDLE_LEASE_MS = 5 * 60_000;
export const RENEW_MS = 15_000;

/** Makes the leases of one worker and renews those of its runs. */
export class Leases {
  private readonly store: TaskStore;
  private readonly worker: string;
  private readonly logger: Logger;
  private readonly identity = ownIdentity();

  constructor({ store, worker, logger }: { store: TaskStore; worker: string; logger: Logger }) {
    this.store = store;
    this.worker = worker;
    this.logger = logger;
  }

  /** A lease from `at` on. */
  lease(at: string, ms = LEASE_MS): Lease {
    return { worker: this.worker, ...this.identity, expires_at: new Date(Date.parse(at) + ms).toISOString() };
  }

  /**
   * Renews the leases of running tasks and stores their work since the last renewal. An open session has a longer lease,
   * which needs few renewals. Never rejects: a failed renewal is repeated in time, and a living owner keeps its lease.
   *
   * @param clocks of the runs by the id of their task
   */
  async renew(clocks: ReadonlyMap<string, WorkClock>): Promise<void> {
    try {
      await this.store.transact('worker.renew', (draft) => {
        for (const [id, clock] of clocks) {
          const task = draft.byId(id);
          if (task?.lease?.worker !== this.worker) continue;
          const slice = clock.slice(task, draft.at);
          const works = task.status === 'in_progress';
          if (!works && Date.parse(task.lease.expires_at) - Date.parse(draft.at) > LEASE_MS) continue;
          draft.patch(id, { ...slice, lease: this.lease(draft.at, works ? LEASE_MS : IDLE_LEASE_MS) });
        }
      });
    } catch (error) {
      this.logger.error('The leases could not be renewed.', error);
    }
  }
}
