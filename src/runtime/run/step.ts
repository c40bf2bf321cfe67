import type { Agent, AgentSession, ToolServer } from '../../core/agent/port.ts';
import { failedChecksPrompt, promptFor } from '../../core/agent/prompt.ts';
import { turnEntry } from '../../core/agent/turn-entry.ts';
import { type ErrorCode, TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { type ApprovalsMode, DEFAULT_APPROVALS } from '../../core/task/approvals-mode.ts';
import { DECIDE_YOURSELF, needsAcceptance } from '../../core/task/collaboration.ts';
import type { CollaborationMode } from '../../core/task/collaboration-mode.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { messageOf } from '../../core/task/handoff.ts';
import { noteIn } from '../../core/task/note-in.ts';
import { questionIn } from '../../core/task/question.ts';
import { setResumeSession } from '../../core/task/resume-session.ts';
import { endTurn, requireLease } from '../../core/task/run.ts';
import type { CheckResult, Constraints, HandoffNote, TaskRecord, Usage } from '../../core/task/schema.ts';
import { waitingFollowUps } from '../../core/task/session.ts';
import { patchExecution, spentInSession } from '../../core/task/spend.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import { checksOf, isNewRound, limitsInStep, modelOf, reviewQuestion, stepIndex } from '../../core/task/workflow.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { AgentCalls } from '../agent-tools/calls.ts';
import type { ToolGrant } from '../agent-tools/desk.ts';
import { Conversation, type NextPrompt } from '../conversation/conversation.ts';
import { isOutage } from '../liveness/outage.ts';
import type { WorkClock } from '../liveness/work-clock.ts';
import { runChecks } from './checks.ts';
import type { RunContext, RunPlan } from './run-context.ts';

/** The number of times that failed checks go back to the agent. After that the task fails. */
const CHECK_PROMPTS = 3;
/** The number of times that a question goes back to the agent of an autonomous task. After that a person is asked. */
const QUESTION_PROMPTS = 3;
/** Errors by which the start of an agent fails that is not there any longer. */
const GONE: ReadonlySet<ErrorCode> = new Set(['AgentUnavailable', 'AgentFailed']);

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
  private readonly grant: ToolGrant | undefined;
  private agent: Agent | undefined;
  private cwd = '';
  private checks: CheckResult[] | undefined;
  private checking: AgentSession | undefined;
  /** The note at the end of the last turn, as JSON. */
  private lastNote: string | undefined;
  /** The outcome whose end is in the log already, before that of its checks. */
  private logged: TurnOutcome | undefined;
  private checkPrompts = 0;
  private questionPrompts = 0;

  constructor(context: RunContext, owner: StepOwner, plan: RunPlan) {
    this.context = context;
    this.owner = owner;
    this.plan = plan;
    this.grant = context.settings.current.worker?.agentTools === false ? undefined : context.tools?.grant();
    this.conversation = new Conversation({
      ...context,
      ...plan,
      isActive: owner.isActive,
      isStopping: owner.isStopping,
      ownServer: this.grant?.server,
      asksNoPerson: () => this.approvals === 'none',
      mode: () => this.mode,
      stops: (usage) => owner.stops(plan.executionId, usage),
      limit: owner.limit,
      changes: () => this.changes(),
      verify: (outcome, followUps) => this.verify(outcome, followUps),
      endTurn: (outcome, followUps) => this.turnEnded(outcome, followUps),
    });
  }

  /** @param cwd absolute folder to work in */
  async carryOut(cwd: string): Promise<void> {
    const { store, agents, worker } = this.context;
    const { task, resume, executionId } = this.plan;
    this.cwd = cwd;
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
        toolServer: await this.openTools(),
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

  /** The note of a turn: by the tool in this turn, in the message, or by the tool in an earlier turn. */
  private noteOf({ executions }: TaskRecord, message: string): HandoffNote | undefined {
    const stored = executions.find(({ id }) => id === this.plan.executionId)?.note;
    const isNew = JSON.stringify(stored) !== this.lastNote;
    return (isNew ? stored : undefined) ?? noteIn(message) ?? stored;
  }

  /** Asks the agent, or the running check, to end. */
  cancel(): void {
    void this.checking?.close();
    this.conversation.cancel();
  }

  /** Ends the agent and the running check unconditionally. */
  async stop(): Promise<void> {
    await Promise.all([this.checking?.close(), this.conversation.stop()]);
  }

  /** The tools of the agent for its own task. Without them it works all the same. */
  private async openTools(): Promise<ToolServer | undefined> {
    const { grant } = this;
    if (grant === undefined) return undefined;
    const { store, worker, isPlaying, logger } = this.context;
    const { task, executionId } = this.plan;
    const { client } = this.conversation;
    const { server } = grant;
    const calls = new AgentCalls({ store, worker, isPlaying, taskId: task.id, executionId, server, client });
    return grant.open(calls).catch((error: unknown) => {
      logger.warn(`#${task.number} runs without tools for its task.`, error);
      return undefined;
    });
  }

  /** Ends the session. Returns how the agent's process ended. */
  end(): Promise<AgentEnd> {
    this.grant?.revoke();
    return this.conversation.end();
  }

  /** Records that the step failed, as far as the task still belongs to this run. */
  async fail(error: unknown): Promise<void> {
    const { code, message, next } = TaskError.from(error);
    // Its agent went away after the claim: the task waits for it, as it would have before.
    const isGone = GONE.has(code) && this.context.agents.unavailable(this.plan.task.tool) !== undefined;
    const outcome: TurnOutcome =
      isGone || isOutage(error)
        ? { kind: 'interrupted', stopReason: 'interrupted', error: message }
        : { kind: 'failed', stopReason: 'error', error: message, errorCode: code, next };
    await this.recordTurn(outcome, false);
  }

  private get constraints(): Constraints {
    const { task } = this.plan;
    return limitsInStep({ ...task, constraints: (this.context.store.view.byId(task.id) ?? task).constraints });
  }

  /** The decider of the agent's requests, from the task or its agent. */
  private get approvals(): ApprovalsMode {
    if (this.mode === 'supervised') return 'ask';
    return this.constraints.approvals ?? this.agent?.approvals ?? DEFAULT_APPROVALS;
  }

  private get mode(): CollaborationMode | undefined {
    const { task } = this.plan;
    return (this.context.store.view.byId(task.id) ?? task).collaboration_mode;
  }

  /** The diff of the earlier steps, if there are any. */
  private async changes(): Promise<string | undefined> {
    const { task } = this.plan;
    if (stepIndex(task) === 0 && !isNewRound(task)) return undefined;
    return this.context.worktrees.changes(this.context.store.view.byId(task.id) ?? task);
  }

  /** Runs the checks of the step. Failed ones go back to an agent that can continue. */
  private async verify(outcome: TurnOutcome, followUps: boolean): Promise<TurnOutcome | NextPrompt> {
    if (followUps && this.returnsQuestion(outcome)) return { prompt: DECIDE_YOURSELF, prefix: 'AUTONOMOUS' };
    const { agents, store } = this.context;
    const task = store.view.byId(this.plan.task.id);
    const commands = task === undefined || !this.owner.isActive() ? [] : checksOf(task);
    if (task === undefined || commands.length === 0) return outcome;
    await this.conversation.client.log(turnEntry(outcome));
    this.logged = outcome;
    const results = await runChecks({
      agents,
      task,
      commands,
      cwd: this.cwd,
      log: (entry) => this.conversation.client.log(entry),
      running: (session) => {
        this.checking = session;
      },
      isActive: () => this.owner.isActive(),
    });
    if (results === undefined) return outcome;
    this.checks = results;
    const failed = results.filter(({ passed }) => !passed);
    if (failed.length === 0) return outcome;
    if (followUps && this.checkPrompts < CHECK_PROMPTS) {
      this.checkPrompts += 1;
      return { prompt: failedChecksPrompt(results), prefix: 'CHECKS' };
    }
    const names = failed.map(({ command }) => `"${command}"`).join(', ');
    return {
      kind: 'failed',
      stopReason: 'check',
      error: `${failed.length === 1 ? 'A check' : `${failed.length} checks`} failed after the work: ${names}.`,
      errorCode: 'CheckFailed',
      next: [textStep('Read the output of the check in the log, and fix the work or the check.')],
      ...(outcome.usage === undefined ? {} : { usage: outcome.usage }),
    };
  }

  /** True if a question at the end of a turn goes back to the agent. A reply of a person is better. */
  private returnsQuestion(outcome: TurnOutcome): boolean {
    const task = this.context.store.view.byId(this.plan.task.id);
    if (this.mode !== 'autonomous' || task === undefined || !this.owner.isActive()) return false;
    if (waitingFollowUps(task).length > 0 || questionIn(messageOf(outcome) ?? '') === undefined) return false;
    this.questionPrompts += 1;
    return this.questionPrompts <= QUESTION_PROMPTS;
  }

  private async turnEnded(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    await this.context.outage.over();
    if (outcome.kind === 'completed') await this.context.worktrees.keep(this.plan.task.id);
    const waits = this.context.settings.current.worker?.rateLimit !== 'fail';
    await this.recordTurn(waits || outcome.kind !== 'failed' ? outcome : { ...outcome, retry: false }, followUps);
  }

  private async recordTurn(outcome: TurnOutcome, followUps: boolean): Promise<void> {
    const { store, worker, isPlaying } = this.context;
    const { executionId } = this.plan;
    const { id } = this.plan.task;
    await this.context.outage.over();
    const noted = await store.transact('run.turn', (draft) => {
      const held = requireLease(draft.byId(id), worker);
      const task = draft.patch(id, this.owner.clock.slice(held, draft.at));
      const keep = followUps && staysOpen(task, () => holdsUpOthers(draft, task, isPlaying()));
      const message = messageOf(outcome) ?? '';
      const note = task.workflow === undefined ? undefined : this.noteOf(task, message);
      const question = reviewQuestion(task, note) ?? (followUps ? questionIn(message) : undefined);
      draft.patch(id, endTurn(task, executionId, outcome, keep, draft.at, question, { note, checks: this.checks }));
      if (outcome !== this.logged) draft.log(id, turnEntry(outcome));
      return note;
    });
    this.lastNote = JSON.stringify(noted);
  }
}

/** True if the session of a completed turn gets further prompts. */
function staysOpen(task: TaskRecord, holdsUp: () => boolean): boolean {
  if (needsAcceptance(task) || waitingFollowUps(task).length > 0) return true;
  return task.collaboration_mode !== 'autonomous' && !holdsUp();
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
