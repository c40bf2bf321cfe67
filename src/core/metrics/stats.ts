import { activeDuration, isTerminal } from '../task/lifecycle.ts';
import { type TaskRecord, type TaskStatus, taskStatuses } from '../task/schema.ts';
import { hasRun } from './times.ts';

/** `averageDuration` in milliseconds of work of finished tasks that ran; `successRate` in per cent of finished tasks. */
export interface TaskStats {
  readonly total: number;
  readonly byStatus: Record<TaskStatus, number>;
  readonly byTool: Record<string, number>;
  readonly averageDuration: number;
  readonly successRate: number;
}

/** Finished means completed, failed or cancelled. Both rates are 0 if no task counts. */
export function taskStats(tasks: Iterable<TaskRecord>, now: number): TaskStats {
  const byStatus = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
  const byTool = new Map<string, number>();
  let total = 0;
  let ran = 0;
  let duration = 0;
  for (const task of tasks) {
    total += 1;
    byStatus[task.status] += 1;
    byTool.set(task.tool, (byTool.get(task.tool) ?? 0) + 1);
    if (!isTerminal(task.status)) continue;
    if (hasRun(task)) ran += 1;
    duration += activeDuration(task, now);
  }
  const finished = byStatus.completed + byStatus.failed + byStatus.cancelled;
  return {
    total,
    byStatus,
    byTool: Object.fromEntries(byTool),
    averageDuration: ran === 0 ? 0 : duration / ran,
    successRate: finished === 0 ? 0 : (100 * byStatus.completed) / finished,
  };
}
