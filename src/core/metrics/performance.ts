import { isTerminal } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { type DateRange, isWithin } from './date-range.ts';
import { perMinute } from './spend.ts';
import { quantileOf } from './spread.ts';
import { hasRun, type TaskTimes } from './times.ts';

const MINUTE_MS = 60_000;

/** Outcomes of finished tasks. Unreported values, and rates without tasks, are null. */
export interface Performance {
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Completed ones of all that are finished, in per cent. */
  readonly success_rate: number | null;
  /** Minutes of work of a completed task that ran. */
  readonly avg_duration_minutes: number | null;
  readonly median_duration_minutes: number | null;
  /** Nine of ten of these tasks took no longer. */
  readonly p90_duration_minutes: number | null;
  /** Minutes in which requests of a task waited for a person. */
  readonly avg_waiting_minutes: number | null;
  /** Over tasks whose agent reports tokens. */
  readonly tokens_per_minute: number | null;
  readonly tokens: number | null;
  readonly cost_usd: number | null;
  /** True if the cost contains estimates from configured prices. */
  readonly cost_estimated: boolean;
  /** Attempts; more of them than tasks means that some ran again. */
  readonly executions: number;
}

/** Whether a task ended within a date range. */
export function isFinishedWithin(task: TaskRecord, range: DateRange): boolean {
  return task.kind === 'work' && isTerminal(task.status) && isWithin(task.completed_at, range);
}

/** Adds up finished tasks, one by one. */
export class PerformanceTally {
  private readonly count = { completed: 0, failed: 0, cancelled: 0 };
  /** Milliseconds of work of each completed task that ran. */
  private readonly work: number[] = [];
  private asking = 0;
  private executions = 0;
  private counted = { tokens: 0, ms: 0 };
  private tokens: number | undefined;
  private cost: number | undefined;
  private costEstimated = false;

  add(task: TaskRecord, times: TaskTimes): void {
    this.count[task.status as keyof typeof this.count] += 1;
    if (task.status === 'completed' && hasRun(task)) this.work.push(times.work);
    this.asking += times.asking;
    this.executions += task.executions.length;
    const { total_tokens, cost_usd } = task.usage ?? {};
    if (total_tokens !== undefined) {
      this.tokens = (this.tokens ?? 0) + total_tokens;
      this.counted = { tokens: this.tokens, ms: this.counted.ms + times.work };
    }
    if (cost_usd !== undefined) this.cost = (this.cost ?? 0) + cost_usd;
    if (task.usage?.cost_estimated === true) this.costEstimated = true;
  }

  result(): Performance {
    const { count, work, counted, tokens, cost } = this;
    const finished = count.completed + count.failed + count.cancelled;
    const sorted = [...work].sort((a, b) => a - b);
    const quantile = (share: number): number | null => {
      const ms = quantileOf(sorted, share);
      return ms === undefined ? null : ms / MINUTE_MS;
    };
    return {
      tasks: finished,
      ...count,
      success_rate: finished === 0 ? null : (100 * count.completed) / finished,
      avg_duration_minutes: work.length === 0 ? null : work.reduce((sum, ms) => sum + ms, 0) / work.length / MINUTE_MS,
      median_duration_minutes: quantile(0.5),
      p90_duration_minutes: quantile(0.9),
      avg_waiting_minutes: finished === 0 ? null : this.asking / finished / MINUTE_MS,
      tokens_per_minute: (tokens === undefined ? undefined : perMinute(counted.tokens, counted.ms)) ?? null,
      tokens: tokens ?? null,
      cost_usd: cost ?? null,
      cost_estimated: this.costEstimated,
      executions: this.executions,
    };
  }
}

/** Adds up finished tasks by group. */
export class GroupTally {
  private readonly groups = new Map<string, PerformanceTally>();

  add(key: string, task: TaskRecord, times: TaskTimes): void {
    const tally = this.groups.get(key) ?? new PerformanceTally();
    this.groups.set(key, tally);
    tally.add(task, times);
  }

  /** The largest group first. */
  results(): { key: string; performance: Performance }[] {
    return [...this.groups]
      .map(([key, tally]) => ({ key, performance: tally.result() }))
      .sort((a, b) => b.performance.tasks - a.performance.tasks || (a.key < b.key ? -1 : 1));
  }
}
