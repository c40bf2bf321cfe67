import { isTerminal } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** True for a task that can still become a group: it has not begun. */
export function isSplittable({ kind, lease, status, executions }: TaskRecord): boolean {
  return (
    kind === 'work' && lease === undefined && status !== 'in_progress' && !isTerminal(status) && executions.length === 0
  );
}
