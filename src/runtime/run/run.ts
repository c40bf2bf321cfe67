import type { Agent, AgentSession } from '../../core/agent/port.ts';
import { continuePrompt, promptFor, refusedPrompt, resumePrompt, tellRestored } from '../../core/agent/prompt.ts';
import { turnEntry } from '../../core/agent/turn-entry.ts';
import type { Disposable } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep } from '../../core/next-step.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { awaitsAnswer, questionIn, waitingAnswer } from '../../core/task/question.ts';
import { setResumeSession } from '../../core/task/resume-session.ts';
import { endTurn, interrupt, patchExecution, release, requireLease } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { waitingFollowUps } from '../../core/task/session.ts';
import type { TurnOutcome } from '../../core/task/turn.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import { PermissionPolicy } from '../approvals/permission-policy.ts';
import { WaitingRequests } from '../approvals/waiting-requests.ts';
import { BudgetGuard, holdByBudget } from '../budget/budget-guard.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import { Prompts } from '../conversation/prompts.ts';
import { WorkClock } from '../liveness/work-clock.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { RunClient } from './run-client.ts';
import type { Worktrees } from './worktrees.ts';

/** How often a run tells its agent why it was refused something; one that goes on asking is left to the person. */
const REFUSALS_TOLD = 3;

export interface RunContext {
  readonly store: TaskStore;
  readonly desk: ApprovalsDesk;
  readonly logger: Logger;
  /** The worker's id, as it stands in the lease. */
  readonly worker: string;
  /** How long an open session waits for a follow-up, in milliseconds. */
  readonly sessionIdleMs: () => number;
  readonly findAgent: (name: string) => Agent;
  readonly worktrees: Worktrees;
  readonly settings: LiveSettings;
  readonly day?: DayBudget | undefined;
  /** Whether the queue plays. */
  readonly isPlaying: () => boolean;
}

/** What a run does and what it goes on with. */
export interface RunPlan {
  readonly task: TaskRecord;
  readonly executionId: string;
  /** Session of an interrupted execution to go on with. */
  readonly resume: string | undefined;
}

/**
 * One execution of one claimed task, from opening the agent's session to letting go of the lease. The store is the only
 * one it listens to: a person's cancel, follow-up or completion arrives as a change of the task.
 */
export class Run {
  readonly taskId: string;
  /** Requests of it that a rule may have decided since. */
  readonly waiting: WaitingRequests;
  private readonly context: RunContext;
  private readonly plan: RunPlan;
  private readonly client: RunClient;
  private readonly budget: BudgetGuard;
  private readonly prompts: Prompts;
  /** Measures the work of the task; the worker stores it with each renewal of the lease. */
  readonly clock = new WorkClock();
  private session: AgentSession | undefined;
  private stopping = false;
  private told = 0;
  /** Why the run is ended before its turn is. */
  private denied: TaskError | undefined;
  private wake: () => void = () => {};

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
    this.prompts = new Prompts({ ...context, taskId });
    const policy = new PermissionPolicy({
      folder: context.store.folder,
      task: () => this.task,
      settings: context.settings,
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
      await this.letGo();
    }
  }

  /** Ends the agent because the worker ends; the task is paused as interrupted. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
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

  private get task(): TaskRecord | undefined {
    return this.context.store.view.byId(this.taskId);
  }

  private get active(): boolean {
    const { task } = this;
    if (this.stopping || task?.lease?.worker !== this.context.worker) return false;
    // Restarted and held at its gate, it is not this run's any more, though the lease still is.
    if (task.status === 'paused') return task.pause_reason === 'approval' && task.started_at !== undefined;
    return task.status === 'in_progress' || task.status === 'completed_active';
  }

  private async converse(): Promise<void> {
    const { task } = this.plan;
    const first = promptFor(task);
    if (first.trim() === '') {
      throw new TaskError('InvalidInput', 'The task has no script.', {
        next: [
          operationStep('Give it one', 'task.update', { task: task.number }, ['instructions']),
          operationStep('Then restart it', 'task.restart', { tasks: [task.number] }),
        ],
      });
    }
    const agent = this.context.findAgent(task.tool);
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
      });
      const begun = { restored: undefined, ...setResumeSession(undefined) };
      draft.patch(this.taskId, { assigned_to: session.id, executions, ...begun });
    });
    let prompt: string | undefined = tellRestored(await this.firstPrompt(session, first), task);
    while (prompt !== undefined && this.active) {
      await this.turn(session, prompt);
      prompt = await this.nextPrompt(session);
    }
  }

  private async firstPrompt(session: AgentSession, first: string): Promise<string> {
    const { task, resume } = this.plan;
    const answer = await this.prompts.takeAnswer();
    if (session.resumed) return answer ?? resumePrompt(task);
    if (resume === undefined && answer === undefined) return first;
    const { entries } = await this.context.store.getLogs(task.id, { limit: 300 });
    const asked = answer === undefined ? '' : `\n\n## The answer to its last question\n\n${answer}`;
    return `${continuePrompt(task, entries)}${asked}`;
  }

  private async turn(session: AgentSession, prompt: string): Promise<void> {
    const outcome = await session.prompt(prompt);
    if (this.stopping) return;
    await this.client.flush();
    if (this.denied !== undefined) throw this.denied;
    const refused = this.refusedPrompt(outcome, session);
    if (refused !== undefined) {
      await this.client.log({ type: 'agent', message: refused, prefix: 'REFUSED', metadata: { source: 'worker' } });
      return this.turn(session, refused);
    }
    if (outcome.kind === 'completed') await this.context.worktrees.keep(this.taskId);
    await this.endTurn(outcome, session.followUps);
  }

  /** What the agent is told where it ended its turn at a refusal, and another turn is within the limits. */
  private refusedPrompt(outcome: TurnOutcome, session: AgentSession): string | undefined {
    const refusals = this.client.takeRefusals();
    const { task } = this;
    if (outcome.kind !== 'completed' || refusals.length === 0 || !session.followUps) return undefined;
    if (task === undefined || !this.active || this.told >= REFUSALS_TOLD) return undefined;
    const { store, day } = this.context;
    if (holdByBudget(task, store.view, new Date().toISOString(), day) !== undefined) return undefined;
    this.told += 1;
    return refusedPrompt(refusals);
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

  /** Waits in the open session for another prompt; undefined when the session is to end. */
  private async nextPrompt(session: AgentSession): Promise<string | undefined> {
    if (this.task === undefined || !isOpen(this.task)) return undefined;
    let gone = false;
    void session.ended.then(() => {
      gone = true;
      this.wake();
    });
    const until = performance.now() + this.context.sessionIdleMs();
    for (;;) {
      const { task } = this;
      if (!this.active || task === undefined || !isOpen(task)) return undefined;
      if (waitingAnswer(task) !== undefined) return this.prompts.takeAnswer();
      // Nobody has to keep a session open for an answer that may take days: it goes on with it later.
      if (awaitsAnswer(task) && (gone || performance.now() >= until)) return undefined;
      if (waitingFollowUps(task).length > 0) return this.prompts.takeFollowUp();
      const idle = performance.now() >= until;
      if (!awaitsAnswer(task) && (gone || ((idle || this.holdsUpOthers(task)) && task.review !== 'required'))) {
        await this.prompts.accept(gone ? 'its session ended' : idle ? 'idle' : 'other work waits for it');
        return undefined;
      }
      await this.sleep(Math.max(until - performance.now(), idle ? 60_000 : 0));
    }
  }

  private holdsUpOthers(task: TaskRecord): boolean {
    return holdsUpOthers(this.context.store.view, task, this.context.isPlaying());
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

  private async letGo(): Promise<void> {
    try {
      await this.session?.close();
      const end = this.session === undefined ? {} : await this.session.ended;
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
      this.context.logger.error(`#${this.plan.task.number} could not be let go of; its lease will expire.`, error);
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
        if (this.task?.status === 'completed_active') this.wake();
        return;
      }
      this.wake();
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

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** True while the session waits for a person: for a follow-up, or for an answer, be it on its way. */
function isOpen(task: TaskRecord): boolean {
  return task.status === 'completed_active' || awaitsAnswer(task) || waitingAnswer(task) !== undefined;
}

function answerOf(outcome: TurnOutcome): string {
  const { message } = (outcome.kind === 'completed' ? (outcome.result ?? {}) : {}) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}
