import type { Agent } from '../../core/agent/port.ts';
import { promptFor } from '../../core/agent/prompt.ts';
import { turnEntry } from '../../core/agent/turn-entry.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { type ApprovalsMode, DEFAULT_APPROVALS } from '../../core/task/approvals-mode.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { questionIn } from '../../core/task/question.ts';
import { setResumeSession } from '../../core/task/resume-session.ts';
import { endTurn, requireLease } from '../../core/task/run.ts';
import type { Constraints, Usage } from '../../core/task/schema.ts';
import { patchExecution, spentInSession } from '../../core/task/spend.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import { handoffOf, modelOf } from '../../core/task/workflow.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { Conversation } from '../conversation/conversation.ts';
import type { WorkClock } from '../liveness/work-clock.ts';
import type { RunContext, RunPlan } from './run-context.ts';

/** The run that a step is a part of. */
interface StepOwner {
  readonly clock: WorkClock;
  readonly isActive: () => boolean;
  readonly isStopping: () => boolean;
  /** True if this spend reaches a limit. */
  readonly stops: (executionId: string, usage: Usage) => boolean;
  /** Records the use of the limits, and pauses the task at a reached one. */
  readonly limit: (draft: Draft) => void;
  /** US dollars until the nearest limit of cost. */
  readonly costLeft: () => number | undefined;
}

/** One step of a run: one execution, with one agent in one session. An ordinary task has one. */
export class Step {
  readonly plan: RunPlan;
  readonly conversation: Conversation;
  private readonly context: RunContext;
  private readonly owner: StepOwner;
  private agent: Agent | undefined;

  constructor(context: RunContext, owner: StepOwner, plan: RunPlan) {
    this.context = context;
    this.owner = owner;
    this.plan = plan;
    this.conversation = new Conversation({
      ...context,
      ...plan,
      isActive: owner.isActive,
      isStopping: owner.isStopping,
      asksNoPerson: () => this.approvals === 'none',
      stops: (usage) => owner.stops(plan.executionId, usage),
      limit: owner.limit,
      endTurn: (outcome, followUps) => this.turnEnded(outcome, followUps),
    });
  }

  /** @param cwd absolute folder to work in */
  async carryOut(cwd: string): Promise<void> {
    const { store, agents, worker } = this.context;
    const { task, resume, executionId } = this.plan;
    const agent = agents.get(task.tool);
    this.agent = agent;
    const session = await agent.open(
      {
        taskId: task.id,
        title: task.title,
        cwd,
        model: modelOf(task),
        resume,
        spent: resume === undefined ? undefined : spentInSession(task, resume),
        maxCostUsd: this.owner.costLeft(),
        allowedTools: this.constraints.allowed_tools,
        approvals: this.approvals,
        signal: this.conversation.opening,
      },
      this.conversation.client,
    );
    this.conversation.adopt(session);
    if (!this.owner.isActive()) return;
    await store.transact('run.session', (draft) => {
      const current = requireLease(draft.byId(task.id), worker);
      const about = { session_id: session.id, resumable: session.followUps, approvals: this.approvals };
      const executions = patchExecution(current, executionId, about);
      const begun = { restored: undefined, ...setResumeSession(undefined) };
      draft.patch(task.id, { assigned_to: session.id, executions, ...begun });
    });
    await this.conversation.hold(session);
  }

  /** Ends the session. Returns how the agent's process ended. */
  end(): Promise<AgentEnd> {
    return this.conversation.end();
  }

  /** Records that the step failed, as far as the task still belongs to this run. */
  async fail(error: unknown): Promise<void> {
    const { code, message, next } = TaskError.from(error);
    await this.recordTurn({ kind: 'failed', stopReason: 'error', error: message, errorCode: code, next }, false);
  }

  private get constraints(): Constraints {
    const { task } = this.plan;
    return (this.context.store.view.byId(task.id) ?? task).constraints;
  }

  /** The decider of the agent's requests, from the task or its agent. */
  private get approvals(): ApprovalsMode {
    return this.constraints.approvals ?? this.agent?.approvals ?? DEFAULT_APPROVALS;
  }

  private async turnEnded(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    if (outcome.kind === 'completed') await this.context.worktrees.keep(this.plan.task.id);
    const waits = this.context.settings.current.worker?.rateLimit !== 'fail';
    await this.recordTurn(waits || outcome.kind !== 'failed' ? outcome : { ...outcome, retry: false }, followUps);
  }

  private async recordTurn(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    const { store, worker, isPlaying } = this.context;
    const { executionId } = this.plan;
    const { id } = this.plan.task;
    await store.transact('run.turn', (draft) => {
      const held = requireLease(draft.byId(id), worker);
      const task = draft.patch(id, this.owner.clock.slice(held, draft.at));
      const keep = followUps && (task.review === 'required' || !holdsUpOthers(draft, task, isPlaying()));
      const question = followUps ? questionIn(handoffOf(outcome) ?? '') : undefined;
      draft.patch(id, endTurn(task, executionId, outcome, keep, draft.at, question));
      draft.log(id, turnEntry(outcome));
    });
  }
}

/** @throws TaskError `InvalidInput` for a task whose agent would get an empty prompt */
export function requirePrompt({ task }: RunPlan): void {
  if (promptFor(task).trim() !== '') return;
  throw new TaskError('InvalidInput', 'The task has no script.', {
    next: [
      operationStep('Give it one', 'task.update', { task: task.number }, ['instructions']),
      operationStep('Then restart it', 'task.restart', { tasks: [task.number] }),
    ],
  });
}
