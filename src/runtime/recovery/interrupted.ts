import type { AgentCatalog } from '../../core/agent/catalog.ts';
import type { Logger } from '../../core/logger.ts';
import { interrupt } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { recoverSpend } from '../../core/task/spend.ts';
import { modelOf } from '../../core/task/workflow.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { interruptedTasks, isAbandoned, noWatcher, type Watcher } from './abandoned.ts';

/** The session of the execution that was interrupted. */
function sessionOf(task: TaskRecord | undefined): { readonly agent: string; readonly id: string } | undefined {
  const last = task?.executions.at(-1);
  if (last?.session_id === undefined || last.ended_at !== undefined) return undefined;
  return { agent: last.agent, id: last.session_id };
}

/** True if a turn was running whose spend was not counted at its end. */
function isCutOff({ status }: TaskRecord): boolean {
  return status === 'in_progress' || status === 'paused';
}

/**
 * Recovers tasks whose worker or program ended: ends their remaining processes on this machine, then pauses the task as
 * interrupted. Idempotent, and any process may do this.
 */
export async function recoverInterrupted(
  store: TaskStore,
  agents: AgentCatalog,
  logger: Logger,
  watcher: Watcher = noWatcher,
): Promise<TaskRecord[]> {
  const recovered: TaskRecord[] = [];
  for (const { id } of interruptedTasks(store.view, Date.now(), watcher)) {
    // This process may have slept, or another may have recovered and restarted the task: look again before the kill.
    const isStillAbandoned = async (): Promise<boolean> => {
      await store.refresh();
      const current = store.view.byId(id);
      return current !== undefined && isAbandoned(current, Date.now(), watcher);
    };
    const ended = await agents.endLeftBehind(id, isStillAbandoned);
    const cutOff = store.view.byId(id);
    const session = sessionOf(cutOff);
    const model = cutOff === undefined ? undefined : modelOf(cutOff);
    const spent = session === undefined ? undefined : await agents.spent(session.agent, session.id, model);
    const recover = (draft: Draft): TaskRecord | undefined => {
      const current = draft.byId(id);
      if (current === undefined || !isAbandoned(current, Date.parse(draft.at), watcher)) return undefined;
      const own = current.lease !== undefined && current.lease.worker === watcher.worker?.id;
      const what = current.lease === undefined ? 'program that ran this task' : 'worker that ran this task';
      const left = ended === 0 ? '' : ` It left ${ended} running ${ended === 1 ? 'process' : 'processes'}, now ended.`;
      draft.log(id, {
        level: 'warn',
        message: own ? `The run ended without releasing this task.${left}` : `The ${what} is gone.${left}`,
        metadata: { source: 'worker' },
      });
      const last = current.executions.at(-1);
      const paused = draft.patch(id, interrupt(current, draft.at));
      if (last === undefined || last.ended_at !== undefined || !isCutOff(current)) return paused;
      return draft.patch(id, recoverSpend(paused, last.id, last.session_id === session?.id ? spent : undefined));
    };
    const task = await store.transact('worker.recover', recover, 'recovery');
    if (task === undefined) continue;
    logger.warn(`#${task.number} was interrupted: the process that ran it is gone.`);
    recovered.push(task);
  }
  return recovered;
}
