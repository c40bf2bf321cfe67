import { TaskError } from '../../core/errors.ts';
import type { NextStep } from '../../core/next-step.ts';
import { budgetShares, exceeded, isOver } from '../../core/policy/budget.ts';
import { dayExceeded } from '../../core/policy/day-budget.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithSettings, WithStore } from '../context.ts';
import { todaysShares } from '../metrics/day-spend.ts';

/**
 * Nothing starts on a reached limit: it would only be stopped.
 *
 * Limits of the day are those that were read last: `readSettings` comes before it.
 *
 * @param then what a person does after raising the limit; resuming the task by default
 * @throws TaskError with the code of the limit, and how to raise it
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
