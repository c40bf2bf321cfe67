import type { Disposable } from '../core/disposable.ts';
import { isTerminal } from '../core/task/lifecycle.ts';
import type { TaskLogEntry } from '../core/task/log-entry.ts';
import { isLater } from '../core/task/renewal.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { Host } from '../host.ts';
import { leaseIsLive } from '../machine/identity.ts';

/** Events while tasks are followed. */
export interface FollowListener {
  /** A task in its current state, at the start and after each change; `before` is undefined at the start. */
  changed(task: TaskRecord, before: TaskRecord | undefined): void;
  logged(task: TaskRecord, entries: readonly TaskLogEntry[]): void;
  deleted(task: TaskRecord): void;
}

export interface FollowOptions {
  /** Whether a task has ended; its last reported change. */
  readonly over: (task: TaskRecord) => boolean;
  readonly listener: FollowListener;
  /** Aborts following. */
  readonly signal: AbortSignal;
  /** The position from which the log of a task is read; without it, logs are not read. */
  readonly logFrom?: ((task: TaskRecord) => number) | undefined;
  /** Give the tasks a worker again, should theirs die. */
  readonly keepWorker?: boolean;
  /** Selects tasks that are created meanwhile, to be followed, too. */
  readonly joins?: ((task: TaskRecord) => boolean) | undefined;
}

/** Log lines reach the disk up to 100 ms late: milliseconds to wait for the last ones after the end. */
const LAST_LINES_MS = 150;
/** Milliseconds between polls, for file systems without change events. The timer also keeps the process alive. */
const LOOK_MS = 1_000;
const ENSURE_MS = 5_000;

/**
 * Follows tasks until each has ended or was deleted, or the signal aborts. It only observes. The last event of a task
 * is its end, after all lines of its log.
 */
export async function followTasks(
  host: Host,
  tasks: readonly TaskRecord[],
  options: FollowOptions,
): Promise<'ended' | 'interrupted'> {
  const { store } = host;
  const follows: TaskFollow[] = [];
  const checkEnds = async (): Promise<void> => {
    await store.refresh().catch(() => {});
    for (const follow of follows) follow.checkEnd();
  };
  const timers = [setInterval(() => void checkEnds(), LOOK_MS)];
  if (options.keepWorker === true) {
    timers.push(setInterval(() => void host.worker.ensure().catch(() => {}), ENSURE_MS));
  }
  follows.push(...tasks.map((task) => new TaskFollow(host, task, options)));
  const { joins } = options;
  const joining =
    joins === undefined
      ? undefined
      : store.on('task:created', ({ task }) => {
          if (joins(task)) follows.push(new TaskFollow(host, task, options));
        });
  const interrupted = new Promise<'interrupted'>((resolve) => {
    options.signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
    if (options.signal.aborted) resolve('interrupted');
  });
  try {
    return await Promise.race([allEnded(follows), interrupted]);
  } finally {
    joining?.dispose();
    for (const timer of timers) clearInterval(timer);
    for (const follow of follows) follow.dispose();
  }
}

/** Resolves when every task has ended, also those that join while others run. */
async function allEnded(follows: readonly TaskFollow[]): Promise<'ended'> {
  for (let known = -1; known < follows.length; ) {
    known = follows.length;
    await Promise.all(follows.map((follow) => follow.ended));
  }
  return 'ended';
}

/** One task that is followed. */
class TaskFollow implements Disposable {
  readonly ended: Promise<void>;
  private readonly host: Host;
  private readonly options: FollowOptions;
  private readonly disposables: Disposable[] = [];
  private latest: TaskRecord;
  private reported: TaskRecord | undefined;
  private position: number | undefined;
  private over = false;
  private end: () => void = () => {};

  constructor(host: Host, task: TaskRecord, options: FollowOptions) {
    const { store } = host;
    this.host = host;
    this.options = options;
    this.latest = store.view.byId(task.id) ?? task;
    this.position = options.logFrom?.(task);
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.disposables.push(
      store.on('task:updated', ({ taskId, task: now }) => {
        if (taskId === task.id && isLater(now, this.latest)) this.see(now);
      }),
      store.on('task:deleted', ({ taskId }) => {
        if (taskId === task.id) this.finish(() => options.listener.deleted(this.latest));
      }),
    );
    if (this.position !== undefined) {
      this.disposables.push(
        store.followLog(task.id, this.position, (entries, next) => {
          this.position = next;
          options.listener.logged(this.latest, entries);
        }),
      );
    }
    this.see(this.latest);
  }

  dispose(): void {
    for (const disposable of this.disposables.splice(0).reverse()) disposable.dispose();
  }

  /** Checks whether it has ended, because a dead worker emits no event. */
  checkEnd(): void {
    if (this.options.over(this.latest)) this.see(this.latest);
  }

  private see(task: TaskRecord): void {
    if (this.over) return;
    this.latest = task;
    if (this.options.over(task)) this.finish(() => this.emit(task));
    else if (!this.options.over({ ...task, lease: undefined })) this.emit(task);
    // Its worker still has to release it. The end is reported then, after the last lines of its log.
  }

  private emit(task: TaskRecord): void {
    this.options.listener.changed(task, this.reported);
    this.reported = task;
  }

  private finish(emit: () => void): void {
    if (this.over) return;
    this.over = true;
    void this.lastLines().finally(() => {
      emit();
      this.end();
    });
  }

  /** The last lines of the log, read here because events of new lines may be late. */
  private async lastLines(): Promise<void> {
    if (this.position === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, LAST_LINES_MS));
    this.dispose();
    for (let moved = true; moved; ) {
      const page = await this.host.store.getLogs(this.latest.id, { after: this.position });
      if (page.entries.length > 0) this.options.listener.logged(this.latest, page.entries);
      moved = page.next !== this.position;
      this.position = page.next;
    }
  }
}

/** For watching: until no further change is possible. */
export function hasEnded(task: TaskRecord): boolean {
  return isTerminal(task.status) && !isHeld(task);
}

/**
 * Ends the wait: the agent has ended its turn, or the task needs a new start. An open request to a person does not end
 * it.
 */
export function standsStill(task: TaskRecord): boolean {
  if (task.status === 'completed_active') return true;
  if (isHeld(task)) return false;
  if (isTerminal(task.status)) return true;
  if (task.status === 'pending') return task.queued_at === undefined;
  if (task.status !== 'paused' || task.queued_at !== undefined) return false;
  return task.pause_reason !== 'approval';
}

/** A worker still closes the session and the worktree; only then can the result be merged, or the task resumed. */
function isHeld({ lease }: TaskRecord): boolean {
  return lease !== undefined && leaseIsLive(lease, Date.now());
}
