import type { Disposable } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import { newPartId } from '../../core/task/id.ts';
import { interrupt, release } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { stepIndex } from '../../core/task/workflow.ts';
import { BudgetGuard } from '../budget/budget-guard.ts';
import { WorkClock } from '../liveness/work-clock.ts';
import { nextStep } from './next-step.ts';
import type { RunContext, RunPlan } from './run-context.ts';
import { requirePrompt, Step } from './step.ts';

/**
 * Runs the steps of one claimed task, from the first session with an agent to the release of the lease. It listens to
 * the store alone: a cancel, follow-up or completion arrives as a change of the task.
 */
export class Run {
  readonly taskId: string;
  /** Measures the work of the task; the worker stores it with each renewal of the lease. */
  readonly clock = new WorkClock();
  private readonly context: RunContext;
  private readonly budget: BudgetGuard;
  private step: Step;
  private stopping = false;

  constructor(context: RunContext, plan: RunPlan) {
    this.context = context;
    this.taskId = plan.task.id;
    this.budget = new BudgetGuard({
      ...context,
      taskId: plan.task.id,
      measured: (task, at) => ({ ...task, ...this.clock.slice(task, at) }) as TaskRecord,
    });
    this.step = this.stepOf(plan);
  }

  /** Runs to the end. Never rejects: every outcome is recorded in the task. */
  async run(): Promise<void> {
    const changes = this.watch();
    try {
      await this.carryOut();
    } catch (error) {
      await this.fail(error);
    } finally {
      changes.dispose();
      this.budget.dispose();
      await this.releaseTask();
    }
  }

  /** Ends the agent because the worker ends; the task is paused as interrupted. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.step.stop();
  }

  /** Applies limits that changed. */
  checkLimits(): void {
    this.budget.checkLimits();
  }

  /** Applies rules that changed to the requests that wait for a person. */
  async applyRules(): Promise<void> {
    await this.step.conversation.waiting.applyRules();
  }

  private get task(): TaskRecord | undefined {
    return this.context.store.view.byId(this.taskId);
  }

  private readonly isActive = (): boolean => {
    const { task } = this;
    if (this.stopping || task?.lease?.worker !== this.context.worker) return false;
    // Restarted and held at its gate, it no longer belongs to this run, though the lease still does.
    if (task.status === 'paused') return task.pause_reason === 'approval' && task.started_at !== undefined;
    return task.status === 'in_progress' || task.status === 'completed_active';
  };

  private stepOf(plan: RunPlan): Step {
    const owner = {
      clock: this.clock,
      isActive: this.isActive,
      isStopping: () => this.stopping,
      stops: this.budget.stops.bind(this.budget),
      limit: this.budget.apply.bind(this.budget),
      costLeft: this.budget.costLeft.bind(this.budget),
    };
    return new Step(this.context, owner, plan);
  }

  private async carryOut(): Promise<void> {
    requirePrompt(this.step.plan);
    const cwd = await this.context.worktrees.prepare(this.step.plan.task);
    while (this.isActive()) {
      await this.step.carryOut(cwd);
      if (!this.hasMovedOn()) return;
      // Its agent ends before the next one starts in the same folder.
      await this.step.end();
      if (!this.isActive()) return;
      const plan = await nextStep(this.context, this.step.plan, newPartId('execution'));
      if (plan === undefined) return;
      this.step = this.stepOf(plan);
      requirePrompt(plan);
    }
  }

  /** True if the task is still this run's, at a later step. */
  private hasMovedOn(): boolean {
    const { task } = this;
    return task !== undefined && this.isActive() && stepIndex(task) !== stepIndex(this.step.plan.task);
  }

  private async fail(error: unknown): Promise<void> {
    if (this.stopping || TaskError.is(error, 'LeaseLost')) return;
    const { logger } = this.context;
    const { number } = this.step.plan.task;
    logger.warn(`#${number} failed: ${TaskError.from(error).message}`, error);
    try {
      await this.step.fail(error);
    } catch (second) {
      logger.error(`The failure of #${number} could not be recorded.`, second);
    }
  }

  private async releaseTask(): Promise<void> {
    const { store, worker, logger } = this.context;
    const { executionId, task: planned } = this.step.plan;
    try {
      const end = await this.step.end();
      await this.context.outage.over();
      await this.settle();
      await store.transact('run.release', (draft) => {
        const held = draft.byId(this.taskId);
        if (held?.lease?.worker !== worker) return;
        const task = draft.patch(this.taskId, this.clock.slice(held, draft.at));
        const stopped = this.stopping && task.status !== 'cancelled';
        draft.patch(this.taskId, stopped ? interrupt(task, draft.at) : release(task, executionId, end, draft.at));
      });
    } catch (error) {
      logger.error(`#${planned.number} could not be released; the worker tries again.`, error);
    }
  }

  /** Runs before the lease is released, so that no other run starts in a worktree that is about to be removed. */
  private async settle(): Promise<void> {
    if (this.task?.lease?.worker !== this.context.worker) return;
    await this.context.worktrees.settle(this.taskId).catch((error) => {
      this.context.logger.warn(`The worktree of #${this.step.plan.task.number} stays as it is.`, error);
    });
  }

  /** Ends the agent as soon as the task is no longer this run's to work on. */
  private watch(): Disposable {
    const { store } = this.context;
    this.clock.observe(this.task);
    this.budget.checkLimits();
    const check = ({ taskId }: { taskId: string }): void => {
      this.clock.observe(this.task);
      this.budget.checkLimits();
      const { conversation } = this.step;
      if (taskId === this.taskId || this.task?.status === 'completed_active') conversation.wake();
      if (taskId === this.taskId && !this.isActive()) this.step.cancel();
    };
    const updated = store.on('task:updated', check);
    const deleted = store.on('task:deleted', check);
    return {
      dispose: () => {
        updated.dispose();
        deleted.dispose();
      },
    };
  }
}
