import type { Logger } from '../../core/logger.ts';
import { lostDependencies } from '../../core/task/dependencies.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { cancel } from '../../core/task/session.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { ErrorRecovery } from '../recovery/recovery.ts';
import type { DependencyPolicy } from '../settings/settings-schema.ts';

/**
 * Applies the configured policy to queued tasks whose dependency failed, was cancelled or deleted: `block` leaves them
 * to a person and shows the reason; `cancel` cancels them; `ignore` runs them without it. Recovery of the dependency
 * comes first.
 */
export async function settleDependents(
  store: TaskStore,
  recovery: ErrorRecovery,
  { policy, playing, logger }: { policy: DependencyPolicy; playing: boolean; logger: Logger },
): Promise<void> {
  if (policy === 'block') return;
  for (const { id, depends_on } of stuckTasks(store.view, playing)) {
    for (const other of depends_on) {
      const stopped = store.view.dependency(other);
      if (stopped !== undefined && recovery.isToHelp(stopped, store.view, Date.now())) {
        await recovery.help(store, stopped, logger);
      }
    }
    const task = await store.transact('worker.dependents', (draft) => {
      const current = draft.byId(id);
      const lost = current === undefined ? [] : lostDependencies(current, (other) => draft.dependency(other));
      if (current?.status !== 'pending' || lost.length === 0) return undefined;
      const now = Date.parse(draft.at);
      // Its run is still releasing it, or it has just stopped: that change triggers the next check.
      if (lost.some(({ task: other }) => other !== undefined && recovery.isToHelp(other, draft, now))) return undefined;
      for (const { task: other } of lost) if (draft.byId(other?.id ?? '') !== undefined) draft.require(other?.id ?? '');
      const why = lost.map(({ id: gone, task: other }) => wordsOf(gone, other)).join(', ');
      const gone = new Set<string>(lost.map((dependency) => dependency.id));
      const message = policy === 'cancel' ? `Cancelled, because ${why}.` : `Continues, although ${why}.`;
      draft.log(id, { level: 'warn', message, metadata: { source: 'worker' } });
      return policy === 'cancel'
        ? draft.patch(id, cancel(current, draft.at, `cancelled because ${why}`))
        : draft.patch(id, { depends_on: current.depends_on.filter((each) => !gone.has(each)) });
    });
    if (task !== undefined) logger.info(`#${task.number}: a task that it depends on will not come (${policy}).`);
  }
}

function* stuckTasks(view: StoreView, playing: boolean): Iterable<TaskRecord> {
  for (const task of [...view.byStatus('pending')]) {
    if (task.depends_on.length === 0 || (task.queued_at === undefined && !playing)) continue;
    if (lostDependencies(task, (id) => view.dependency(id)).length > 0) yield task;
  }
}

function wordsOf(id: string, task: TaskRecord | undefined): string {
  if (task === undefined) return `${id} was deleted`;
  return `#${task.number} "${task.title}" ${task.status === 'failed' ? 'failed' : 'was cancelled'}`;
}
