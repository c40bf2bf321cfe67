import type { ErrorCode } from '../errors.ts';
import { type NextStep, textStep } from '../next-step.ts';
import { activeDuration } from '../task/lifecycle.ts';
import type { TaskRecord, Usage } from '../task/schema.ts';
import { resumeStep, type Share, spentOfLimit } from './budget.ts';
import { type BudgetKind, budgetKinds, limitNames } from './limit-names.ts';
import { leastPrecise, type Precision, precisionOf } from './precision.ts';

/** Daily limits of all tasks of a workspace together; a missing one is no limit. */
export type DayLimits = Readonly<Partial<Record<BudgetKind, number | undefined>>>;

export interface DaySpend {
  readonly amounts: Partial<Record<BudgetKind, number>>;
  /** The precision of tokens and of cost. */
  readonly precision: Readonly<Record<'tokens' | 'cost', Precision>>;
  /** True if it ran: a run without a report has spent an unknown amount, and a task that never ran has spent nothing. */
  readonly ran: boolean;
}

/** The spend of a task since midnight: executions that began after it, and minutes of work after it. */
export function spendSince(task: TaskRecord, since: number, now: number): DaySpend {
  const amounts: Partial<Record<BudgetKind, number>> = {};
  const add = (kind: BudgetKind, amount: number | undefined): void => {
    if (amount !== undefined) amounts[kind] = (amounts[kind] ?? 0) + amount;
  };
  const usages: Usage[] = [];
  let ran = false;
  for (const { started_at, usage } of task.executions) {
    if (Date.parse(started_at) < since) continue;
    ran = true;
    if (usage === undefined) continue;
    add('tokens', usage.total_tokens);
    add('cost', usage.cost_usd);
    add('iterations', usage.iterations);
    usages.push(usage);
  }
  const worked = minutesSince(task, since, now);
  if (worked > 0) add('minutes', worked);
  const of = (kind: 'tokens' | 'cost'): Precision => leastPrecise(usages.map((usage) => precisionOf(kind, usage)));
  return { amounts, precision: { tokens: of('tokens'), cost: of('cost') }, ran: ran || worked > 0 };
}

/** The use of the daily limits. An amount that no agent reported is unknown. */
export function dayShares(limits: DayLimits, spends: Iterable<DaySpend>): Share[] {
  const all = [...spends];
  return budgetKinds.flatMap((kind): Share[] => {
    const limit = limits[kind];
    if (limit === undefined) return [];
    const known = all.map(({ amounts }) => amounts[kind]).filter((amount) => amount !== undefined);
    const unknown = known.length === 0 && kind !== 'minutes' && all.some((spend) => spend.ran);
    const spent = unknown ? undefined : known.reduce((a, b) => a + b, 0);
    const isExact = kind === 'minutes' || kind === 'iterations';
    const precision = isExact ? 'exact' : leastPrecise(all.map((spend) => spend.precision[kind]));
    return [{ kind, limit, spent, precision }];
  });
}

/** Message and code for a reached daily limit. */
export function dayExceeded(
  share: Share,
  task: TaskRecord,
  then = resumeStep(task),
): { error: string; errorCode: ErrorCode; next: NextStep[] } {
  const spent = spentOfLimit(share, share.spent ?? 0);
  return {
    error: `The daily limit of this folder was reached: ${spent}.`,
    errorCode: limitNames[share.kind].code,
    next: [textStep('Raise budget.perDay in .systemprompt/config.json, or wait until tomorrow.'), then],
  };
}

function minutesSince(task: TaskRecord, since: number, now: number): number {
  let [before, worked] = [0, 0];
  let begun: number | undefined;
  for (const step of task.history) {
    const at = Date.parse(step.at);
    if (begun !== undefined) worked += Math.max(0, at - Math.max(begun, since));
    begun = step.to === 'in_progress' ? at : undefined;
    // A restart sets the measured work to zero; the day has spent it all the same.
    if (step.to === 'pending') [before, worked] = [before + worked, 0];
  }
  if (begun !== undefined) worked += Math.max(0, now - Math.max(begun, since));
  // The wall clock of the history also counts sleep and jumps; the measured work does not.
  return (before + Math.min(worked, activeDuration(task, now))) / 60_000;
}
