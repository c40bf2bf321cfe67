import { type Disposable, DisposableStack } from '../../core/disposable.ts';
import type { Share } from '../../core/policy/budget.ts';
import { type DayLimits, type DaySpend, dayShares, spendSince } from '../../core/policy/day-budget.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskStore } from '../../store/task-store.ts';

/**
 * The spend of a folder's tasks today, by the clock of this machine. Updated incrementally, so that a read does not
 * iterate over all tasks. Includes tasks deleted today.
 */
export class DayBudget implements Disposable {
  private readonly store: TaskStore;
  private readonly limits: () => DayLimits;
  private readonly resources = new DisposableStack();
  private midnight = 0;
  private readonly spends = new Map<string, DaySpend>();

  /** `limits` is asked each time: they may change while tasks run. */
  constructor(store: TaskStore, limits: () => DayLimits) {
    this.store = store;
    this.limits = limits;
    this.resources.add(store.on('task:created', ({ task }) => this.note(task, Date.now())));
    this.resources.add(store.on('task:updated', ({ task }) => this.note(task, Date.now())));
  }

  /** The use of the limits; `reported` replaces the stored spend of that task. */
  shares(now: number, reported?: TaskRecord): Share[] {
    const limits = this.limits();
    if (Object.values(limits).every((limit) => limit === undefined)) return [];
    this.beginDay(now);
    // Running tasks spend minutes without any change event.
    for (const task of this.store.view.byStatus('in_progress')) this.note(task, now);
    const spends = new Map(this.spends);
    if (reported !== undefined) spends.set(reported.id, spendSince(reported, this.midnight, now));
    return dayShares(limits, spends.values());
  }

  /** Milliseconds until all running tasks together may reach the daily minutes; undefined without such a limit. */
  timeLeft(now: number): number | undefined {
    const share = this.shares(now).find(({ kind }) => kind === 'minutes');
    if (share === undefined) return undefined;
    const atWork = Math.max(1, this.store.view.count('in_progress'));
    return Math.max(0, ((share.limit - (share.spent ?? 0)) * 60_000) / atWork);
  }

  dispose(): void {
    this.resources.dispose();
  }

  private beginDay(now: number): void {
    const midnight = new Date(now).setHours(0, 0, 0, 0);
    if (midnight === this.midnight) return;
    this.midnight = midnight;
    this.spends.clear();
    for (const task of this.store.view.all()) this.note(task, now);
  }

  private note(task: TaskRecord, now: number): void {
    // Not computed yet: the first call reads all tasks.
    if (this.midnight === 0) return;
    const spend = spendSince(task, this.midnight, now);
    if (Object.keys(spend.amounts).length > 0) this.spends.set(task.id, spend);
  }
}
