import { pendingApprovals } from '../core/task/approval.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { OperationContext } from './operation.ts';

/**
 * Sees to it that a worker is there for tasks that were queued. One that only waits for a person needs none yet: the
 * approval sees to that.
 */
export async function ensureFor({ worker }: OperationContext, tasks: readonly TaskRecord[]): Promise<void> {
  if (tasks.some((task) => pendingApprovals(task).length === 0)) await worker.ensure();
}
