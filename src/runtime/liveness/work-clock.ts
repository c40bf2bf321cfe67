import { LONGEST_SLICE_MS, type TaskPatch } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

type Working = Pick<TaskRecord, 'active_ms' | 'active_since'>;

/**
 * Measures the work of a task with the monotonic clock: a jump of the wall clock is not work. On Linux that clock stops
 * while the machine sleeps. Elsewhere it may continue, so the longest slice is bounded.
 */
export class WorkClock {
  private readonly now: () => number;
  private readonly longestMs: number;
  private seen: { readonly since: string; readonly at: number } | undefined;

  constructor(
    now: () => number = () => performance.now(),
    longestMs = process.platform === 'linux' ? Number.POSITIVE_INFINITY : LONGEST_SLICE_MS,
  ) {
    this.now = now;
    this.longestMs = longestMs;
  }

  /** To be called with each state of the task, soon after it changed. */
  observe(task: Working | undefined): void {
    const since = task?.active_since;
    if (since === this.seen?.since) return;
    this.seen = since === undefined ? undefined : { since, at: this.now() };
  }

  /**
   * Adds the time since the last slice to the finished work of the task, and starts another slice at `at`. Changes
   * nothing while the task is not working, or if it started so recently that `observe` has not seen it.
   */
  slice(task: Working, at: string): TaskPatch {
    if (task.active_since === undefined || task.active_since !== this.seen?.since) return {};
    const worked = Math.min(this.now() - this.seen.at, this.longestMs);
    return { active_ms: task.active_ms + Math.round(worked), active_since: at };
  }
}
