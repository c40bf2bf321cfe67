import { activeDuration } from '../task/lifecycle.ts';
import type { TaskRecord, TaskStatus } from '../task/schema.ts';

/** The time of a task by use, in milliseconds. */
export interface TaskTimes {
  /** Time in which an agent worked. */
  readonly work: number;
  /** From its making to its end, or to now. */
  readonly elapsed: number;
  /** Time before the start or restart. */
  readonly pending: number;
  /** Paused time, for any reason. */
  readonly paused: number;
  /** Time in which at least one request waited for a person. */
  readonly asking: number;
}

/** Whether a task ever started to work. Averages exclude tasks that ended without work. */
export function hasRun(task: TaskRecord): boolean {
  return task.started_at !== undefined || task.active_ms > 0 || task.active_since !== undefined;
}

/** Times of a task whose history was cut for its length are those that are still known. */
export function timesOf(task: TaskRecord, now: number): TaskTimes {
  const { pending, paused } = timeByStatus(task, now);
  const end = task.completed_at === undefined ? now : Date.parse(task.completed_at);
  return {
    work: activeDuration(task, now),
    elapsed: Math.max(0, end - Date.parse(task.created_at)),
    pending: pending ?? 0,
    paused: paused ?? 0,
    asking: unionOf(
      task.approvals.map(({ requested_at, decided_at }) => [
        Date.parse(requested_at),
        decided_at === undefined ? end : Date.parse(decided_at),
      ]),
    ),
  };
}

function timeByStatus(task: TaskRecord, now: number): Partial<Record<TaskStatus, number>> {
  const times: Partial<Record<TaskStatus, number>> = {};
  let status: TaskStatus = task.history[0]?.from ?? task.status;
  // The time before the first recorded change is unknown.
  let since = status === 'pending' ? Date.parse(task.created_at) : Number.NaN;
  for (const { from, to, at } of task.history) {
    const until = Date.parse(at);
    if (from === status) add(times, status, until - since);
    status = to;
    since = until;
  }
  if (status === 'pending' || status === 'paused') add(times, status, now - since);
  return times;
}

function add(times: Partial<Record<TaskStatus, number>>, status: TaskStatus, ms: number): void {
  // A clock that went backwards takes no time away.
  if (ms > 0) times[status] = (times[status] ?? 0) + ms;
}

/** Length of the union of the spans. */
function unionOf(spans: readonly (readonly [number, number])[]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [from, until] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (!(until > Math.max(from, reached))) continue;
    covered += until - Math.max(from, reached);
    reached = until;
  }
  return covered;
}
