import type { ErrorCode } from '../errors.ts';
import { type NextStep, operationStep } from '../next-step.ts';
import { activeDuration } from '../task/lifecycle.ts';
import type { Constraints, TaskRecord, Usage } from '../task/schema.ts';
import { type BudgetKind, budgetKinds, limitNames } from './limit-names.ts';
import { phaseSpend } from './phase-spend.ts';
import { leastPrecise, type Precision, precisionOf, withPrecision } from './precision.ts';

/** The use of one limit. `spent` is undefined if the agent does not report it. */
export interface Share {
  readonly kind: BudgetKind;
  readonly limit: number;
  readonly spent: number | undefined;
  readonly precision: Precision;
}

/** The use of a task's limit. */
export interface BudgetShare extends Share {
  /** The task whose limit it is: the task itself, or one that it is a part of. */
  readonly owner: TaskRecord;
  /** The phase of its workflow whose limit it is. Undefined for a limit of the whole task. */
  readonly phase?: string | undefined;
}

/** Shares of a limit, in per cent, that are reported; the last one pauses the task. */
export const budgetMarks = [50, 80, 100] as const;
export type BudgetMark = (typeof budgetMarks)[number];

/** The tasks that a limit may be shared with. */
export interface Family {
  byId(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
}

/**
 * Every limit that applies to a task: its own, those of its ancestors against the spend of the whole subtree, and those of
 * its current phase against the spend of that phase.
 * Minutes are minutes of work and exclude the time that a person takes.
 */
export function budgetShares(task: TaskRecord, family: Family, now: number): BudgetShare[] {
  const shares: BudgetShare[] = [];
  for (const owner of withAncestors(task, family)) {
    const limits = limitsOf(owner.constraints);
    if (limits.length === 0) continue;
    const spent = subtree(owner, family).map((part) => ({ part, usage: part.usage ?? {} }));
    for (const [kind, limit] of limits) {
      const known = spent.map(({ part, usage }) => spentOf(kind, part, usage, now));
      const reported = known.filter((value) => value !== undefined);
      const precision = leastPrecise(spent.map(({ usage }) => precisionOf(kind, usage)));
      shares.push({
        kind,
        limit,
        spent: reported.length === 0 ? undefined : reported.reduce((a, b) => a + b, 0),
        precision,
        owner,
      });
    }
  }
  return [...shares, ...phaseShares(task, now)];
}

/** The limits of the current phase of a workflow. */
function phaseShares(task: TaskRecord, now: number): BudgetShare[] {
  const spend = phaseSpend(task, now);
  if (spend === undefined) return [];
  const { phase, constraints, usage, minutes } = spend;
  return limitsOf(constraints).map(([kind, limit]) => {
    const spent = kind === 'minutes' ? minutes : reportedOf(kind, usage);
    return { kind, limit, spent, precision: precisionOf(kind, usage), owner: task, phase };
  });
}

/** The highest mark that a share has reached; 0 below the first and for unknown spend. */
export function markOf(share: Share): BudgetMark | 0 {
  const percent = share.spent === undefined ? 0 : (100 * share.spent) / share.limit;
  return budgetMarks.findLast((mark) => percent >= mark) ?? 0;
}

/**
 * True if a limit forbids continuing. An iteration limit permits that many iterations: the last one may be running
 * `now`, but no `next` one may start.
 */
export function isOver({ kind, limit, spent }: Share, when: 'now' | 'next'): boolean {
  if (spent === undefined) return false;
  return kind === 'iterations' && when === 'now' ? spent > limit : spent >= limit;
}

/** Message and code for a reached limit. */
export function exceeded(
  share: BudgetShare,
  task: TaskRecord,
  then = resumeStep(task),
): { error: string; errorCode: ErrorCode; next: NextStep[] } {
  const spent = spentOfLimit(share, share.spent ?? 0);
  const { phase, owner } = share;
  const foreign = owner.id === task.id ? '' : ` of #${owner.number} "${owner.title}", which it is a part of,`;
  const whose = phase === undefined ? foreign : ` of the phase "${phase}"`;
  const option = phase === undefined ? limitNames[share.kind].option : 'workflow';
  return {
    error: `The limit${whose} was reached: ${share.precision === 'estimate' ? withPrecision(spent, 'estimate') : spent}.`,
    errorCode: limitNames[share.kind].code,
    next: [operationStep('Raise it', 'task.update', { task: owner.number }, [option]), then],
  };
}

/** Next steps for a task that a limit stopped. */
export function resumeStep({ number }: TaskRecord): NextStep {
  return operationStep('Then resume it', 'task.resume', { tasks: [number] });
}

/** `1,200 of 5,000 tokens (24 %)`, or that it is not known. */
export function describeShare(share: Share): string {
  if (share.spent === undefined) return `unknown of ${amount(share.kind, share.limit)}`;
  // Never rounded up to a mark that is not reached.
  const percent = Math.floor((100 * share.spent) / share.limit);
  return `${withPrecision(spentOfLimit(share, share.spent), share.precision)} (${percent} %)`;
}

/**
 * Another running subtask that has reserved the rest of an ancestor's limit, so that the task would have to share it: a
 * subtask reserves its own limit until it ends, then returns the rest. Undefined when the task may begin.
 */
export function reservedBy(task: TaskRecord, family: Family, now: number): TaskRecord | undefined {
  for (const share of budgetShares(task, family, now)) {
    if (share.owner.id === task.id) continue;
    const left = share.limit - (share.spent ?? 0);
    const others = subtree(share.owner, family).filter(
      (part) =>
        part.kind === 'work' && part.id !== task.id && part.id !== share.owner.id && part.status === 'in_progress',
    );
    const reserved = others.map((part) => ({ part, amount: unspent(part, share.kind, now) ?? 0 }));
    const held = reserved.reduce((sum, { amount: one }) => sum + one, 0);
    const wanted = unspent(task, share.kind, now);
    if (held > 0 && (held >= left || held + (wanted ?? 0) > left)) {
      return reserved.find(({ amount: one }) => one > 0)?.part;
    }
  }
  return undefined;
}

/** The rest of a task's own limit; undefined if it has none. */
function unspent(task: TaskRecord, kind: BudgetKind, now: number): number | undefined {
  const limit = limitsOf(task.constraints).find(([one]) => one === kind)?.[1];
  return limit === undefined ? undefined : Math.max(0, limit - (spentOf(kind, task, task.usage ?? {}, now) ?? 0));
}

/** Milliseconds of work until the first limit of minutes; undefined without one. */
export function timeLeft(task: TaskRecord, family: Family, now: number): number | undefined {
  const left = budgetShares(task, family, now)
    .filter(({ kind }) => kind === 'minutes')
    .map(({ limit, spent }) => (limit - (spent ?? 0)) * 60_000);
  return left.length === 0 ? undefined : Math.max(0, Math.min(...left));
}

function limitsOf(constraints: Constraints): [BudgetKind, number][] {
  return budgetKinds.flatMap((kind): [BudgetKind, number][] => {
    const limit = constraints[limitNames[kind].constraint];
    return limit === undefined ? [] : [[kind, limit]];
  });
}

function spentOf(kind: BudgetKind, task: TaskRecord, usage: Usage, now: number): number | undefined {
  return kind === 'minutes' ? activeDuration(task, now) / 60_000 : reportedOf(kind, usage);
}

function reportedOf(kind: Exclude<BudgetKind, 'minutes'>, usage: Usage): number | undefined {
  if (kind === 'cost') return usage.cost_usd;
  if (kind === 'iterations') return usage.iterations;
  return usage.total_tokens;
}

/** A task and the tasks above it, itself first. */
export function withAncestors(task: TaskRecord, family: Family): TaskRecord[] {
  const line: TaskRecord[] = [];
  for (let next: TaskRecord | undefined = task; next !== undefined && !line.includes(next); ) {
    line.push(next);
    next = next.parent_id === undefined ? undefined : family.byId(next.parent_id);
  }
  return line;
}

function subtree(root: TaskRecord, family: Family): TaskRecord[] {
  const found = new Map<string, TaskRecord>([[root.id, root]]);
  for (const task of found.values()) for (const child of family.children(task.id)) found.set(child.id, child);
  return [...found.values()];
}

/** `1,200 of 5,000 tokens`. */
export function spentOfLimit({ kind, limit }: Share, spent: number): string {
  const shown = kind === 'minutes' && spent < 10 ? Number(spent.toFixed(decimalsBeside(limit))) : spent;
  return `${figure(kind, shown)} of ${amount(kind, limit)}`;
}

/** Decimals by which a thousandth of a limit still shows. */
function decimalsBeside(limit: number): number {
  return Math.min(6, Math.max(0, Math.ceil(3 - Math.log10(limit))));
}

function amount(kind: BudgetKind, value: number): string {
  if (kind === 'cost') return figure(kind, value);
  return `${figure(kind, value)} ${kind}`;
}

/** Precise enough to distinguish a small amount from a limit of similar size. */
function figure(kind: BudgetKind, value: number): string {
  if (kind === 'cost') return `$${value >= 1 ? value.toFixed(2) : small(value, 2)}`;
  if (kind === 'minutes' && value < 10) return small(value, 0);
  return Math.round(value).toLocaleString('en');
}

function small(value: number, decimals: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: 6 };
  return Number(value.toPrecision(3)).toLocaleString('en', digits);
}
