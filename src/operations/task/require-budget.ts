import { TaskError } from '../../core/errors.ts';
import type { NextStep } from '../../core/next-step.ts';
import { budgetShares, exceeded, isOver } from '../../core/policy/budget.ts';
import { dayExceeded } from '../../core/policy/day-budget.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithSettings, WithStore } from '../context.ts';
import { todaysShares } from '../metrics/day-spend.ts';

/**
 * Refuses a start on a reached limit, because the run would be stopped at once.
 *
 * Limits of the day are those of the last read: call `readSettings` first.
 *
 * @param then the step after raising the limit; default: resuming the task
 * @throws TaskError with the code of the limit, and the step that raises it
 */
export function requireBudget(
  { store, settings }: WithStore & Pick<WithSettings, 'settings'>,
  task: TaskRecord,
  then?: NextStep,
): void {
  const now = Date.now();
  const refuse = ({ error, errorCode, next }: ReturnType<typeof exceeded>): never => {
    throw new TaskError(errorCode, error, { next });
  };
  const over = budgetShares(task, store.view, now).find((share) => isOver(share, 'next'));
  if (over !== undefined) refuse(exceeded(over, task, then));
  const day = todaysShares({ store, settings }, now).find((share) => isOver(share, 'next'));
  if (day !== undefined) refuse(dayExceeded(day, task, then));
}
