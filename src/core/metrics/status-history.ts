import { type TaskRecord, type TaskStatus, taskStatuses } from '../task/schema.ts';
import type { DateRange } from './date-range.ts';

const DAY_MS = 86_400_000;
/** Days of a history at most, the latest ones. */
const MOST_DAYS = 366;

/** Numbers of tasks by status at the end of a day (UTC). */
export interface StatusDay {
  readonly day: string;
  readonly by_status: Readonly<Record<TaskStatus, number>>;
}

type Counts = Record<TaskStatus, number>;

/** Adds up the status changes of tasks, task by task, to the number of tasks in each status on each day. */
export class StatusHistory {
  private readonly now: number;
  /** Differences to the day before, by the number of days since 1970. */
  private readonly changes = new Map<number, Counts>();

  constructor(now: number) {
    this.now = now;
  }

  add(task: TaskRecord): void {
    let status = task.history[0]?.from ?? task.status;
    this.change(Date.parse(task.created_at), status, 1);
    for (const { to, at } of task.history) status = this.move(status, to, Date.parse(at));
    // A history that was cut for its length lacks changes.
    this.move(status, task.status, Date.parse(task.updated_at));
  }

  /** The days of a range from the first task on, the earliest first. */
  within({ from, until }: DateRange): StatusDay[] {
    const known = [...this.changes.keys()].sort((a, b) => a - b);
    const [first] = known;
    if (first === undefined) return [];
    const last = Math.floor(Math.min(until - 1, this.now) / DAY_MS);
    const start = Math.max(first, Math.floor(from / DAY_MS), last - MOST_DAYS + 1);
    const sum = emptyCounts();
    const days: StatusDay[] = [];
    const add = (counts: Counts | undefined): void => {
      if (counts !== undefined) for (const status of taskStatuses) sum[status] += counts[status];
    };
    for (const day of known) if (day < start) add(this.changes.get(day));
    for (let day = start; day <= last; day += 1) {
      add(this.changes.get(day));
      days.push({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), by_status: { ...sum } });
    }
    return days;
  }

  private move(from: TaskStatus, to: TaskStatus, at: number): TaskStatus {
    if (from === to) return to;
    this.change(at, from, -1);
    this.change(at, to, 1);
    return to;
  }

  private change(at: number, status: TaskStatus, by: 1 | -1): void {
    // A time that cannot be read, or that a wrong clock put into the future, counts today.
    const day = Math.floor(Math.min(Number.isNaN(at) ? this.now : at, this.now) / DAY_MS);
    const counts = this.changes.get(day) ?? emptyCounts();
    this.changes.set(day, counts);
    counts[status] += by;
  }
}

function emptyCounts(): Counts {
  return Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Counts;
}
