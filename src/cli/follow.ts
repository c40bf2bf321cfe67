import { isTerminal } from '../core/task/lifecycle.ts';
import type { TaskLogEntry } from '../core/task/log-entry.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { Host } from '../host.ts';

/** What is told while tasks are followed. */
export interface FollowListener {
  /** A task as it is now, at the beginning and after each change; `before` is undefined at the beginning. */
  changed(task: TaskRecord, before: TaskRecord | undefined): void;
  logged(task: TaskRecord, entries: readonly TaskLogEntry[]): void;
  deleted(task: TaskRecord): void;
}

export type FollowEnd = 'ended' | 'interrupted';

/** Lines reach the disk up to 100 ms after they were said; the last ones are waited for this long after the end. */
const LAST_LINES_MS = 150;
/** How often to look without having been told, for file systems that tell nothing. It also keeps the process alive. */
const LOOK_MS = 1_000;
/** How often a started task is given a worker again, should its worker have died. */
const ENSURE_MS = 5_000;

/**
 * Follows tasks until each of them has come to an end as `over` sees it, or was deleted, or the person lets go. What is
 * followed goes on all the same: this only looks. `logFrom` says where each log is read from; none without it.
 */
export async function followTasks(
  host: Host,
  tasks: readonly TaskRecord[],
  options: {
    readonly over: (task: TaskRecord) => boolean;
    readonly listener: FollowListener;
    readonly signal: AbortSignal;
    readonly logFrom?: ((task: TaskRecord) => number | 'end') | undefined;
    readonly keepWorker?: boolean;
  },
): Promise<FollowEnd> {
  const { store } = host;
  const { listener, signal } = options;
  const latest = new Map<string, TaskRecord | undefined>();
  const open = new Set<string>(tasks.map((task) => task.id));
  const disposables: { dispose(): void }[] = [];
  let finish: (end: FollowEnd) => void = () => {};
  const finished = new Promise<FollowEnd>((resolve) => {
    finish = resolve;
  });
  const see = (task: TaskRecord): void => {
    const before = latest.get(task.id);
    if (!open.has(task.id) || (before !== undefined && before.revision >= task.revision)) return;
    latest.set(task.id, task);
    listener.changed(task, before);
    if (options.over(task)) close(task.id);
  };
  const close = (id: string): void => {
    open.delete(id);
    if (open.size === 0) setTimeout(finish, options.logFrom === undefined ? 0 : LAST_LINES_MS, 'ended');
  };
  disposables.push(
    store.on('task:updated', ({ task }) => see(task)),
    store.on('task:deleted', ({ taskId, task }) => {
      if (!open.has(taskId)) return;
      listener.deleted(task);
      close(taskId);
    }),
  );
  for (const task of tasks) {
    const from = options.logFrom?.(task);
    if (from === undefined) continue;
    disposables.push(
      store.followLog(task.id, from, (entries) => listener.logged(latest.get(task.id) ?? task, entries)),
    );
  }
  const abort = (): void => finish('interrupted');
  signal.addEventListener('abort', abort, { once: true });
  const timers = [setInterval(() => void store.refresh().catch(() => {}), LOOK_MS)];
  if (options.keepWorker === true) {
    timers.push(setInterval(() => void host.worker.ensure().catch(() => {}), ENSURE_MS));
  }
  try {
    for (const task of tasks) see(store.view.byId(task.id) ?? task);
    return await finished;
  } finally {
    for (const timer of timers) clearInterval(timer);
    signal.removeEventListener('abort', abort);
    for (const disposable of disposables.reverse()) disposable.dispose();
  }
}

/** For watching: until nothing more can come. */
export function hasEnded(task: TaskRecord): boolean {
  return isTerminal(task.status);
}

/**
 * For waiting: the agent has done its turn, or the task stands still until somebody starts it again. A task that asks a
 * person something is waited for.
 */
export function standsStill(task: TaskRecord): boolean {
  if (isTerminal(task.status) || task.status === 'completed_active') return true;
  if (task.status === 'pending') return task.queued_at === undefined;
  if (task.status !== 'paused' || task.queued_at !== undefined) return false;
  return task.pause_reason !== 'approval' && task.pause_reason !== 'feedback';
}
