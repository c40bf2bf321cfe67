import { TaskError } from '../core/errors.ts';
import { budgetShares, exceeded, isOver } from '../core/policy/budget.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { TaskStore } from '../store/task-store.ts';

/**
 * Nothing is begun on a limit that is used up: it would only be stopped.
 *
 * @throws TaskError with the code of the limit, and how to raise it
 */
export function requireBudget(store: TaskStore, task: TaskRecord): void {
  const over = budgetShares(task, store.view, Date.now()).find((share) => isOver(share, 'next'));
  if (over === undefined) return;
  const { error, errorCode } = exceeded(over, task);
  throw new TaskError(errorCode, error);
}
