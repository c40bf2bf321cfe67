import type { TaskRecord } from '../../core/task/schema.ts';
import { leaseIsLive } from '../../machine/identity.ts';
import type { StoreView } from '../../store/journal/view.ts';

const withLease = ['in_progress', 'paused', 'completed_active', 'failed', 'cancelled', 'completed'] as const;

/** Lists tasks that are in progress without a lease and without an active program. */
export type IsForgotten = (task: TaskRecord) => boolean;

/** The knowledge of a worker that watches the folder. */
export interface Watcher {
  readonly isForgotten: IsForgotten;
  /** The worker's id, and whether it has a run of a task: its own lease without a run was not released. */
  readonly worker?: { readonly id: string; readonly runs: (taskId: string) => boolean } | undefined;
}

/** Without a worker that watches, it is unknown whether a program still works on a task without a lease. */
export const noWatcher: Watcher = { isForgotten: () => false };

/** @param now the time of the store, in milliseconds */
export function interruptedTasks(view: StoreView, now: number, watcher: Watcher = noWatcher): TaskRecord[] {
  const found: TaskRecord[] = [];
  for (const status of withLease) {
    for (const task of view.byStatus(status)) if (isAbandoned(task, now, watcher)) found.push(task);
  }
  return found;
}

/** True if the record claims a running process and that process is gone. */
export function isAbandoned(task: TaskRecord, now: number, { isForgotten, worker }: Watcher): boolean {
  const { lease } = task;
  if (lease === undefined) return task.kind === 'work' && task.status === 'in_progress' && isForgotten(task);
  return worker?.id === lease.worker ? !worker.runs(task.id) : !leaseIsLive(lease, now);
}
