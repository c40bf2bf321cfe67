import type { AgentCatalog } from '../../core/agent/port.ts';
import type { Logger } from '../../core/logger.ts';
import { interrupt } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { leaseIsLive } from '../liveness/identity.ts';

const withLease = ['in_progress', 'paused', 'completed_active', 'failed', 'cancelled', 'completed'] as const;

/** Tasks whose worker is gone: what it held says that it runs, and nobody is there. */
export function interruptedTasks(view: StoreView, now: number): TaskRecord[] {
  const found: TaskRecord[] = [];
  for (const status of withLease) {
    for (const task of view.byStatus(status)) {
      const abandoned =
        task.lease === undefined
          ? status === 'in_progress' && task.executions.length > 0
          : !leaseIsLive(task.lease, now);
      if (abandoned) found.push(task);
    }
  }
  return found;
}

/**
 * Sets right what dead workers left: ends what still runs of their agents on this machine, then says in the task that
 * it was interrupted. Any process may do this, any number of times.
 */
export async function recoverInterrupted(
  store: TaskStore,
  agents: AgentCatalog,
  logger: Logger,
): Promise<TaskRecord[]> {
  const recovered: TaskRecord[] = [];
  for (const { id } of interruptedTasks(store.view, Date.now())) {
    const ended = await agents.endLeftBehind(id);
    const task = await store.transact('worker.recover', (draft) => {
      const current = draft.byId(id);
      if (current === undefined || !interruptedTasks(draft, Date.now()).some((candidate) => candidate.id === id))
        return undefined;
      const patched = draft.patch(id, interrupt(current, draft.at));
      const left = ended === 0 ? '' : ` ${ended} of its processes were still running and were ended.`;
      draft.log(id, {
        level: 'warn',
        message: `The worker of this task is gone.${left}`,
        metadata: { source: 'worker' },
      });
      return patched;
    });
    if (task === undefined) continue;
    logger.warn(`#${task.number} was interrupted: its worker is gone.`);
    recovered.push(task);
  }
  return recovered;
}
