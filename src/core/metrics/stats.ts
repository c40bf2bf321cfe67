import { activeDuration, isTerminal } from '../task/lifecycle.ts';
import { type AITool, type TaskRecord, type TaskStatus, taskStatuses } from '../task/schema.ts';

/** `averageDuration` in milliseconds of work over finished tasks; `successRate` in per cent of finished tasks. */
export interface TaskStats {
  readonly total: number;
  readonly byStatus: Record<TaskStatus, number>;
  readonly byTool: Record<AITool, number>;
  readonly averageDuration: number;
  readonly successRate: number;
}

/** Finished means completed, failed or cancelled; of no finished task both rates are 0. */
export function taskStats(tasks: Iterable<TaskRecord>, now: number): TaskStats {
  const byStatus = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
  const byTool = new Map<AITool, number>();
  let total = 0;
  let duration = 0;
  for (const task of tasks) {
    total += 1;
    byStatus[task.status] += 1;
    byTool.set(task.tool, (byTool.get(task.tool) ?? 0) + 1);
    if (isTerminal(task.status)) duration += activeDuration(task, now);
  }
  const finished = byStatus.completed + byStatus.failed + byStatus.cancelled;
  return {
    total,
    byStatus,
    byTool: Object.fromEntries(byTool),
    averageDuration: finished === 0 ? 0 : duration / finished,
    successRate: finished === 0 ? 0 : (100 * byStatus.completed) / finished,
  };
}
