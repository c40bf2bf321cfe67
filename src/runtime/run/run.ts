import type { AgentCatalog } from '../../core/agent/catalog.ts';
import type { Agent, AgentSession } from '../../core/agent/port.ts';
import { promptFor } from '../../core/agent/prompt.ts';
import { turnEntry } from '../../core/agent/turn-entry.ts';
import type { Disposable } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep } from '../../core/next-step.ts';
import { type ApprovalsMode, DEFAULT_APPROVALS } from '../../core/task/approvals-mode.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { questionIn } from '../../core/task/question.ts';
import { setResumeSession } from '../../core/task/resume-session.ts';
import { endTurn, interrupt, patchExecution, release, requireLease } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TurnOutcome } from '../../core/task/turn.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import { PermissionPolicy } from '../approvals/permission-policy.ts';
import { WaitingRequests } from '../approvals/waiting-requests.ts';
import { BudgetGuard } from '../budget/budget-guard.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import { Conversation } from '../conversation/conversation.ts';
import { Prompts } from '../conversation/prompts.ts';
import { WorkClock } from '../liveness/work-clock.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { RunClient } from './run-client.ts';
import type { Worktrees } from './worktrees.ts';

export interface RunContext {
  readonly store: TaskStore;
  readonly desk: ApprovalsDesk;
  readonly logger: Logger;
  /** The worker's id, as it stands in the lease. */
  readonly worker: string;
  /** How long an open session waits for a follow-up, in milliseconds. */
  readonly sessionIdleMs: () => number;
  readonly agents: AgentCatalog;
  readonly worktrees: Worktrees;
  readonly settings: LiveSettings;
  readonly day?: DayBudget | undefined;
  /** Whether the queue plays. */
  readonly isPlaying: () => boolean;
}

/** The task and session of a run. */
export interface RunPlan {
  readonly task: TaskRecord;
  readonly executionId: string;
  /** Session of an interrupted execution to resume. */
  readonly resume: string | undefined;
}

/**
 * One execution of one claimed task, from opening the agent's session to the release of the lease. It listens to the
 * store alone: a person's cancel, follow-up or completion arrives as a change of the task.
 */
export class Run {
  readonly taskId: string;
  /** Requests of it that a rule may have decided since. */
  readonly waiting: WaitingRequests;
  private readonly context: RunContext;
  private readonly plan: RunPlan;
  private readonly client: RunClient;
  private readonly budget: BudgetGuard;
  private readonly conversation: Conversation;
  /** Measures the work of the task; the worker stores it with each renewal of the lease. */
  readonly clock = new WorkClock();
  private agent: Agent | undefined;
  private session: AgentSession | undefined;
  private stopping = false;
  /** Why the run is ended before its turn is. */
  private denied: TaskError | undefined;

  constructor(context: RunContext, plan: RunPlan) {
    this.context = context;
    this.plan = plan;
    this.taskId = plan.task.id;
    this.budget = new BudgetGuard({
      ...context,
      taskId: plan.task.id,
      measured: (task, at) => this.measured(task, at),
    });
    const { taskId } = this;
    const policy = new PermissionPolicy({
      folder: context.store.folder,
      task: () => this.task,
      settings: context.settings,
      asksNobody: () => this.approvals === 'none',
      log: (entry) => this.client.log(entry),
    });
    this.waiting = new WaitingRequests({ ...context, taskId, executionId: plan.executionId, policy });
    this.client = new RunClient({
      store: context.store,
      taskId: plan.task.id,
      executionId: plan.executionId,
      logger: context.logger,
      ask: (request) => context.desk.ask(plan.task.id, context.worker, plan.executionId, request),
      question: (request) => context.desk.ask(plan.task.id, context.worker, plan.executionId, request, 'feedback'),
      policy,
      stops: (usage) => this.budget.stops(plan.executionId, usage),
      denied: (error) => this.deny(error),
    });
    this.conversation = new Conversation({
      ...context,
      ...plan,
      prompts: new Prompts({ ...context, taskId }),
      isActive: () => this.active,
      isStopping: () => this.stopping,
      denied: () => this.denied,
      flush: () => this.client.flush(),
      takeRefusals: () => this.client.takeRefusals(),
      logRefusals: async (message) =>
        this.client.log({ type: 'agent', message, prefix: 'REFUSED', metadata: { source: 'worker' } }),
      endTurn: (outcome, followUps) => this.turnEnded(outcome, followUps),
    });
  }

  /** Runs to the end. Never rejects: whatever happens is in the task. */
  async run(): Promise<void> {
    const changes = this.watch();
    try {
      await this.converse();
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
    this.conversation.wake();
    await this.session?.close();
  }

  /** The task with the work that was done since the last renewal of its lease. */
  private measured(task: TaskRecord, at: string): TaskRecord {
    return { ...task, ...this.clock.slice(task, at) } as TaskRecord;
  }

  /** Limits may have changed. */
  lookAtBudget(): void {
    this.budget.look();
  }

  /** Who decides what the agent may do, as the task or its agent says. */
  private get approvals(): ApprovalsMode {
    return (this.task ?? this.plan.task).constraints.approvals ?? this.agent?.approvals ?? DEFAULT_APPROVALS;
  }

  private get task(): TaskRecord | undefined {
    return this.context.store.view.byId(this.taskId);
  }

  private get active(): boolean {
    const { task } = this;
    if (this.stopping || task?.lease?.worker !== this.context.worker) return false;
    // Restarted and held at its gate, it no longer belongs to this run, though the lease still does.
    if (task.status === 'paused') return task.pause_reason === 'approval' && task.started_at !== undefined;
    return task.status === 'in_progress' || task.status === 'completed_active';
  }

  private async converse(): Promise<void> {
    const { task } = this.plan;
    if (promptFor(task).trim() === '') {
      throw new TaskError('InvalidInput', 'The task has no script.', {
        next: [
          operationStep('Give it one', 'task.update', { task: task.number }, ['instructions']),
          operationStep('Then restart it', 'task.restart', { tasks: [task.number] }),
        ],
      });
    }
    const agent = this.context.agents.get(task.tool);
    this.agent = agent;
    const cwd = await this.context.worktrees.prepare(task);
    if (!this.active) return;
    const session = await agent.open(
      {
        taskId: task.id,
        title: task.title,
        cwd,
        model: task.assignee,
        resume: this.plan.resume,
        allowedTools: (this.task ?? task).constraints.allowed_tools,
        approvals: this.approvals,
      },
      this.client,
    );
    this.session = session;
    if (!this.active) return;
    await this.context.store.transact('run.session', (draft) => {
      const current = requireLease(draft.byId(this.taskId), this.context.worker);
      const executions = patchExecution(current, this.plan.executionId, {
        session_id: session.id,
        resumable: session.followUps,
        approvals: this.approvals,
      });
      const begun = { restored: undefined, ...setResumeSession(undefined) };
      draft.patch(this.taskId, { assigned_to: session.id, executions, ...begun });
    });
    await this.conversation.hold(session);
  }

  private async turnEnded(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    if (outcome.kind === 'completed') await this.context.worktrees.keep(this.taskId);
    await this.endTurn(outcome, followUps);
  }

  private async endTurn(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    await this.context.store.transact('run.turn', (draft) => {
      const held = requireLease(draft.byId(this.taskId), this.context.worker);
      const task = draft.patch(this.taskId, this.clock.slice(held, draft.at));
      const keep = followUps && (task.review === 'required' || !holdsUpOthers(draft, task, this.context.isPlaying()));
      const question = followUps ? questionIn(answerOf(outcome)) : undefined;
      const patch = endTurn(task, this.plan.executionId, outcome, keep, draft.at, question);
      draft.patch(this.taskId, patch);
      draft.log(this.taskId, turnEntry(outcome));
    });
  }

  private async fail(error: unknown): Promise<void> {
    if (this.stopping || TaskError.is(error, 'LeaseLost')) return;
    const { code, message, next } = TaskError.from(error);
    this.context.logger.warn(`#${this.plan.task.number} failed: ${message}`, error);
    const outcome: TurnOutcome = {
      kind: 'failed',
      stopReason: 'error',
      error: message,
      errorCode: code,
      next,
    };
    try {
      await this.endTurn(outcome, false);
    } catch (second) {
      this.context.logger.error(`The failure of #${this.plan.task.number} could not be kept.`, second);
    }
  }

  private async releaseTask(): Promise<void> {
    try {
      await this.session?.close();
      const end = this.session === undefined ? {} : await this.session.ended;
      this.conversation.end();
      await this.client.flush();
      await this.settle();
      await this.context.store.transact('run.release', (draft) => {
        const held = draft.byId(this.taskId);
        if (held?.lease?.worker !== this.context.worker) return;
        const task = draft.patch(this.taskId, this.clock.slice(held, draft.at));
        const stopped = this.stopping && task.status !== 'cancelled';
        draft.patch(
          this.taskId,
          stopped ? interrupt(task, draft.at) : release(task, this.plan.executionId, end, draft.at),
        );
      });
    } catch (error) {
      this.context.logger.error(`#${this.plan.task.number} could not be released; its lease will expire.`, error);
    }
  }

  /** Before the lease is given back: nobody else may begin in a worktree that is about to go. */
  private async settle(): Promise<void> {
    if (this.task?.lease?.worker !== this.context.worker) return;
    await this.context.worktrees.settle(this.taskId).catch((error) => {
      this.context.logger.warn(`The worktree of #${this.plan.task.number} stays as it is.`, error);
    });
  }

  /** Ends the agent as soon as the task is no longer this run's to work on. */
  private watch(): Disposable {
    this.clock.observe(this.task);
    this.budget.look();
    const look = ({ taskId }: { taskId: string }): void => {
      this.clock.observe(this.task);
      this.budget.look();
      if (taskId !== this.taskId) {
        if (this.task?.status === 'completed_active') this.conversation.wake();
        return;
      }
      this.conversation.wake();
      if (!this.active) this.endSession();
    };
    const updated = this.context.store.on('task:updated', look);
    const deleted = this.context.store.on('task:deleted', look);
    return {
      dispose: () => {
        updated.dispose();
        deleted.dispose();
      },
    };
  }

  /** The agent did what its task may not do: it is ended, and the task has failed when it is. */
  private deny(error: TaskError): void {
    if (this.denied !== undefined) return;
    this.denied = error;
    this.endSession();
  }

  private endSession(): void {
    const { session } = this;
    if (session === undefined) return;
    session
      .cancel()
      .then(() => session.close())
      .catch((error) => this.context.logger.error('An agent could not be ended.', error));
  }
}

function answerOf(outcome: TurnOutcome): string {
  const { message } = (outcome.kind === 'completed' ? (outcome.result ?? {}) : {}) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}
