import { isTerminal } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { type DateRange, isWithin } from './date-range.ts';
import { perMinute } from './spend.ts';
import { hasRun, timesOf } from './times.ts';

const MINUTE_MS = 60_000;

/** Outcomes of finished tasks. Values that no agent reported, and rates of nothing, are null. */
export interface Performance {
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Completed ones of all that are finished, in per cent. */
  readonly success_rate: number | null;
  /** Minutes of work of a completed task that ran. */
  readonly avg_duration_minutes: number | null;
  /** Minutes in which requests of a task waited for a person. */
  readonly avg_waiting_minutes: number | null;
  /** Over tasks whose agent reports tokens. */
  readonly tokens_per_minute: number | null;
  readonly tokens: number | null;
  readonly cost_usd: number | null;
  /** Attempts; more of them than tasks means that some ran again. */
  readonly executions: number;
}

/** Tasks that ended within a date range. */
export function* finishedWithin(tasks: Iterable<TaskRecord>, range: DateRange): Iterable<TaskRecord> {
  for (const task of tasks) {
    if (task.kind === 'work' && isTerminal(task.status) && isWithin(task.completed_at, range)) yield task;
  }
}

/** @param tasks finished ones */
export function performanceOf(tasks: Iterable<TaskRecord>, now: number): Performance {
  const count = { completed: 0, failed: 0, cancelled: 0 };
  const sum = { ran: 0, work: 0, asking: 0, executions: 0 };
  let counted = { tokens: 0, ms: 0 };
  let tokens: number | undefined;
  let cost: number | undefined;
  for (const task of tasks) {
    count[task.status as keyof typeof count] += 1;
    const times = timesOf(task, now);
    if (task.status === 'completed' && hasRun(task)) {
      sum.ran += 1;
      sum.work += times.work;
    }
    sum.asking += times.asking;
    sum.executions += task.executions.length;
    const { total_tokens, cost_usd } = task.usage ?? {};
    if (total_tokens !== undefined) {
      tokens = (tokens ?? 0) + total_tokens;
      counted = { tokens, ms: counted.ms + times.work };
    }
    if (cost_usd !== undefined) cost = (cost ?? 0) + cost_usd;
  }
  const finished = count.completed + count.failed + count.cancelled;
  return {
    tasks: finished,
    ...count,
    success_rate: finished === 0 ? null : (100 * count.completed) / finished,
    avg_duration_minutes: sum.ran === 0 ? null : sum.work / sum.ran / MINUTE_MS,
    avg_waiting_minutes: finished === 0 ? null : sum.asking / finished / MINUTE_MS,
    tokens_per_minute: (tokens === undefined ? undefined : perMinute(counted.tokens, counted.ms)) ?? null,
    tokens: tokens ?? null,
    cost_usd: cost ?? null,
    executions: sum.executions,
  };
}

/** The performance of each group, the largest first. */
export function performanceBy<K extends string>(
  tasks: Iterable<TaskRecord>,
  keyOf: (task: TaskRecord) => K,
  now: number,
): { key: K; performance: Performance }[] {
  const groups = new Map<K, TaskRecord[]>();
  for (const task of tasks) {
    const key = keyOf(task);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [task]);
    else group.push(task);
  }
  return [...groups]
    .map(([key, group]) => ({ key, performance: performanceOf(group, now) }))
    .sort((a, b) => b.performance.tasks - a.performance.tasks || (a.key < b.key ? -1 : 1));
}
