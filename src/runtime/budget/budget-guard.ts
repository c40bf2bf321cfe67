import type { Disposable } from '../../core/disposable.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { NextStep } from '../../core/next-step.ts';
import {
  budgetShares,
  describeShare,
  exceeded,
  type Family,
  isOver,
  markOf,
  type Share,
  timeLeft,
} from '../../core/policy/budget.ts';
import { dayExceeded } from '../../core/policy/day-budget.ts';
import { type TaskPatch, transition } from '../../core/task/lifecycle.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskRecord, Usage } from '../../core/task/schema.ts';
import { setUsage } from '../../core/task/spend.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { DayBudget } from './day-budget.ts';

/**
 * Compares the spend of a running task with its limits and those of its ancestors. Records 50, 80 and 100 per cent in
 * the task, and pauses it at a limit, which ends the run.
 */
export class BudgetGuard implements Disposable {
  private readonly store: TaskStore;
  private readonly taskId: string;
  private readonly worker: string;
  private readonly logger: Logger;
  private readonly day: DayBudget | undefined;
  private readonly measured: (task: TaskRecord, at: string) => TaskRecord;
  private timer: NodeJS.Timeout | undefined;
  private noting = false;
  private disposed = false;

  constructor(options: {
    store: TaskStore;
    taskId: string;
    worker: string;
    logger: Logger;
    day?: DayBudget | undefined;
    /** The task with its work up to now, as the run has measured it. */
    measured: (task: TaskRecord, at: string) => TaskRecord;
  }) {
    this.measured = options.measured;
    this.store = options.store;
    this.taskId = options.taskId;
    this.worker = options.worker;
    this.logger = options.logger;
    this.day = options.day;
  }

  /** Compares the current numbers. Cheap without a limit. */
  checkLimits(): void {
    const stored = this.store.view.byId(this.taskId);
    if (stored === undefined || this.noting || this.disposed) return;
    const now = Date.now();
    const task = this.measured(stored, new Date(now).toISOString());
    this.arm(leastOf(timeLeft(task, this.store.view, now), this.day?.timeLeft(now)));
    if (Object.keys(patchOf(task, this.store.view, now, this.day).patch).length === 0) return;
    this.noting = true;
    this.note()
      .catch((error) => this.logger.warn('The spend of a task could not be recorded.', error))
      .finally(() => {
        this.noting = false;
      });
  }

  /** True if the spend of the run, including the unstored part, reaches a limit. */
  stops(executionId: string, usage: Usage): boolean {
    const { view } = this.store;
    const task = view.byId(this.taskId);
    if (task === undefined || task.status !== 'in_progress') return false;
    const reported = { ...task, ...setUsage(task, executionId, usage) } as TaskRecord;
    const now = (other: TaskRecord): TaskRecord => (other.id === reported.id ? reported : other);
    const family = {
      byId: (id: string) => (id === reported.id ? reported : view.byId(id)),
      children: (id: string) => [...view.children(id)].map(now),
    };
    return sharesOf(reported, family, Date.now(), this.day).some((share) => isOver(share, 'now'));
  }

  /** US dollars until the nearest limit of cost; undefined without one. */
  costLeft(): number | undefined {
    const task = this.store.view.byId(this.taskId);
    if (task === undefined) return undefined;
    const shares = sharesOf(task, this.store.view, Date.now(), this.day).filter(({ kind }) => kind === 'cost');
    return leastOf(...shares.map(({ limit, spent = 0 }) => Math.max(0, limit - spent)));
  }

  /** Records the use of the limits in a draft, and pauses the task in it if one is reached. */
  apply(draft: Draft): void {
    const stored = draft.byId(this.taskId);
    if (stored?.lease?.worker !== this.worker) return;
    const task = this.measured(stored, draft.at);
    const { patch, logs } = patchOf(task, draft, Date.parse(draft.at), this.day);
    draft.patch(task.id, patch);
    for (const entry of logs) draft.log(task.id, entry);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private async note(): Promise<void> {
    await this.store.transact('run.budget', (draft) => {
      requireLease(draft.byId(this.taskId), this.worker);
      this.apply(draft);
    });
  }

  /** A timer, because the minutes run out without any event. */
  private arm(ms: number | undefined): void {
    clearTimeout(this.timer);
    // A little later than computed, so that the limit is reached and not almost reached.
    if (ms !== undefined) this.timer = setTimeout(() => this.checkLimits(), Math.min(ms + 20, 2 ** 31 - 1));
  }
}

/** The reached limit that keeps a task from starting. */
export function holdByBudget(task: TaskRecord, view: StoreView, at: string, day?: DayBudget): TaskPatch | undefined {
  const over = sharesOf(task, view, Date.parse(at), day).find((share) => isOver(share, 'next'));
  if (over === undefined) return undefined;
  const { error, errorCode, next } = reasonOf(over, task);
  if (task.status === 'paused')
    return { queued_at: undefined, pause_reason: 'budget', error, error_code: errorCode, error_next: next };
  return {
    ...transition(task, 'paused', { at, reason: 'budget', pauseReason: 'budget', error, errorCode, next }),
    queued_at: undefined,
  };
}

type AnyShare = Share & { readonly owner?: TaskRecord; readonly phase?: string | undefined };

/** The limits of the task, its parents and the day. The task may have more spend than its stored record. */
function sharesOf(task: TaskRecord, family: Family, now: number, day: DayBudget | undefined): AnyShare[] {
  return [...budgetShares(task, family, now), ...(day?.shares(now, task) ?? [])];
}

function reasonOf(share: AnyShare, task: TaskRecord): { error: string; errorCode: ErrorCode; next: NextStep[] } {
  const { owner } = share;
  return owner === undefined ? dayExceeded(share, task) : exceeded({ ...share, owner }, task);
}

function leastOf(...amounts: (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function patchOf(
  task: TaskRecord,
  view: StoreView,
  now: number,
  day: DayBudget | undefined,
): { patch: TaskPatch; logs: LogDraft[] } {
  const shares = sharesOf(task, view, now, day);
  const marks = marksOf(shares);
  const before = task.budget_marks ?? {};
  const changed = Object.keys({ ...before, ...marks }).some((key) => before[key] !== marks[key]);
  const patch: TaskPatch = changed ? { budget_marks: Object.keys(marks).length > 0 ? marks : undefined } : {};
  const logs = shares
    .filter((share) => markOf(share) > (before[keyOf(share)] ?? 0))
    .map((share) => entryOf(share, task));
  const over = task.status === 'in_progress' ? shares.find((share) => isOver(share, 'now')) : undefined;
  if (over === undefined) return { patch, logs };
  const { error, errorCode, next } = reasonOf(over, task);
  const at = new Date(now).toISOString();
  return {
    patch: {
      ...patch,
      ...transition(task, 'paused', { at, reason: 'budget', pauseReason: 'budget', error, errorCode, next }),
    },
    logs: [
      ...logs,
      { level: 'error', message: error, metadata: { source: 'budget', error: { code: errorCode }, next } },
    ],
  };
}

/** The highest mark of each limit, by its kind, the number of its task and its phase. */
function marksOf(shares: readonly AnyShare[]): Record<string, number> {
  return Object.fromEntries(shares.map((share) => [keyOf(share), markOf(share)]).filter(([, mark]) => mark !== 0));
}

function keyOf({ kind, owner, phase }: AnyShare): string {
  return `${kind}:${owner?.number ?? 'day'}${phase === undefined ? '' : `:${phase}`}`;
}

function entryOf(share: AnyShare, task: TaskRecord): LogDraft {
  const { owner, phase } = share;
  const foreign = owner === undefined ? ' of today' : owner.id === task.id ? '' : ` of #${owner.number}`;
  const whose = phase === undefined ? foreign : ` of the phase "${phase}"`;
  return {
    level: 'warn',
    message: `Budget${whose}: ${describeShare(share)}.`,
    metadata: { source: 'budget', kind: share.kind, mark: markOf(share) },
  };
}
