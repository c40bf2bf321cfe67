import { z } from 'zod';
import { describeShare, markOf, type Share } from '../../core/policy/budget.ts';
import { dayShares, spendSince } from '../../core/policy/day-budget.ts';
import { budgetKinds } from '../../core/policy/limit-names.ts';
import { dayLimitsOf } from '../../runtime/settings/day-limits.ts';
import type { WithSettings, WithStore } from '../context.ts';

/** The use of the folder's daily limits. */
export const daySpendSchema = z.object({
  /** When it began and when it ends, at midnight by the clock of this machine. */
  since: z.string(),
  resets_at: z.string(),
  limits: z.array(
    z.object({
      kind: z.enum(budgetKinds),
      limit: z.number(),
      /** Null if no agent has reported it. */
      spent: z.number().nullable(),
      estimated: z.boolean(),
      /** The share that was reached, in per cent: 0, 50, 80 or 100. */
      mark: z.number(),
      text: z.string(),
    }),
  ),
});

/**
 * The use of the folder's daily limits, calculated as the worker does; null without a limit. Deleted tasks do not count,
 * because only a worker that saw them remembers them.
 */
export function daySpend(
  { store, settings }: WithStore & Pick<WithSettings, 'settings'>,
  now: number,
): z.output<typeof daySpendSchema> | null {
  const limits = todaysShares({ store, settings }, now);
  if (limits.length === 0) return null;
  return {
    since: new Date(midnightBefore(now)).toISOString(),
    resets_at: new Date(new Date(now).setHours(24, 0, 0, 0)).toISOString(),
    limits: limits.map((share) => ({
      kind: share.kind,
      limit: share.limit,
      spent: share.spent ?? null,
      estimated: share.precision !== 'exact',
      mark: markOf(share),
      text: describeShare(share),
    })),
  };
}

/** The limits of the day and the spend of each. */
export function todaysShares({ store, settings }: WithStore & Pick<WithSettings, 'settings'>, now: number): Share[] {
  const perDay = settings.budget?.perDay;
  if (perDay === undefined) return [];
  const midnight = midnightBefore(now);
  const spends = [...store.view.all()].map((task) => spendSince(task, midnight, now));
  return dayShares(dayLimitsOf(perDay), spends);
}

function midnightBefore(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
