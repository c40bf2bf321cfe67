import { TaskError } from '../errors.ts';
import { type NextStep, operationStep } from '../next-step.ts';
import { gateIsOpen } from './approval.ts';
import { needsAcceptance } from './collaboration.ts';
import { messageOf } from './handoff.ts';
import { activeDuration, isTerminal, type TaskPatch, transition } from './lifecycle.ts';
import { awaitsAnswer, waitingAnswer } from './question.ts';
import { clearRateLimit, holdForRateLimit, waitsForRateLimit } from './rate-limit.ts';
import { notBefore, RESUME_DELAYS } from './ready.ts';
import { addApproval, expireApprovals, expireRunApprovals } from './request.ts';
import { resumeSession } from './resume-session.ts';
import { type CheckResult, type Execution, type HandoffNote, type Lease, limits, type TaskRecord } from './schema.ts';
import { reopen, waitingFollowUps } from './session.ts';
import { patchExecution, setUsage } from './spend.ts';
import { holdAtGate } from './start.ts';
import type { AgentEnd, TurnOutcome } from './turn.ts';
import { moveAfter, moveTo, stepIndex } from './workflow.ts';

/** A worker takes the task: lease, a new execution, in progress. */
export function claim(task: TaskRecord, lease: Lease, execution: Execution, at: string): TaskPatch {
  return {
    ...transition(task, 'in_progress', { at, reason: `started with ${execution.agent}` }),
    lease,
    not_before: undefined,
    rate_limit_until: undefined,
    assigned_to: undefined,
    ...beginExecution(task, execution, at),
  };
}

/** Adds an execution of the current step. */
export function beginExecution(task: TaskRecord, execution: Execution, at: string): TaskPatch {
  const step =
    task.workflow === undefined ? {} : { step: stepIndex(task), active_before: activeDuration(task, Date.parse(at)) };
  return { executions: [...task.executions, { ...execution, ...step }].slice(-limits.history) };
}

/** The worker returns a task whose next step it cannot begin now; any worker claims it as soon as one can. */
export function yieldStep(task: TaskRecord, at: string): TaskPatch {
  return {
    ...transition(task, 'paused', { at, reason: 'waits for its next phase', pauseReason: 'interrupted' }),
    queued_at: at,
  };
}

/** @throws TaskError `LeaseLost` when the task is no longer this worker's */
export function requireLease(task: TaskRecord | undefined, worker: string): TaskRecord {
  if (task?.lease?.worker === worker) return task;
  throw new TaskError(
    'LeaseLost',
    `Another worker has taken over ${task === undefined ? 'a task' : `#${task.number}`}.`,
  );
}

/**
 * Ends a turn. `keep`: the session stays open for follow-ups. A `question` at the end of the turn is put to a person,
 * and the task waits for the answer. If a person cancelled or completed the task in the meantime, it keeps that status,
 * and only its execution records the end. A workflow with another step stays in progress, at that step, without an
 * execution yet; a step with a gate waits for its approval.
 */
export function endTurn(
  task: TaskRecord,
  executionId: string,
  outcome: TurnOutcome,
  keep: boolean,
  at: string,
  question?: { title: string; message: string },
  { note, checks }: TurnFindings = {},
): TaskPatch {
  const spent = outcome.usage === undefined ? {} : setUsage(task, executionId, outcome.usage);
  const running = isUnderway(task);
  // The words of a person go to the agent first: they may answer its question.
  const prompted = keep && waitingFollowUps(task).length > 0;
  const asks = running && outcome.kind === 'completed' && !prompted ? question : undefined;
  const waits = running && waitsForRateLimit(task, outcome);
  const ended = running && outcome.kind === 'completed' && asks === undefined && !prompted;
  const move = ended ? moveAfter(task, note) : undefined;
  const staysOpen = (keep || asks !== undefined) && outcome.kind === 'completed' && running && move === undefined;
  const patch: TaskPatch = {
    ...spent,
    approvals: running ? expireApprovals(task, at) : expireRunApprovals(task, at),
    executions: patchExecution({ ...task, ...spent } as TaskRecord, executionId, {
      stop_reason: outcome.stopReason,
      ...(staysOpen ? {} : executionEnd(outcome, at)),
      ...(task.workflow === undefined ? {} : { handoff: messageOf(outcome), note }),
      ...(move?.reasons === undefined ? {} : { sent_back: [...move.reasons] }),
      ...(checks === undefined ? {} : { checks: [...checks] }),
      // Paused by a person or a limit: it will be resumed, so it is not cancelled.
      ...(waits || (task.status === 'paused' && !running) ? { outcome: 'interrupted' as const } : {}),
    }),
  };
  if (asks !== undefined && outcome.kind === 'completed')
    return { ...patch, ...clearRateLimit(task), ...holdForAnswer(task, outcome, asks, at) };
  if (move !== undefined) {
    const moved = { ...patch, ...clearRateLimit(task), ...resumed(task, at), ...moveTo(task, move) };
    const next = { ...task, ...moved } as TaskRecord;
    return gateIsOpen(next) ? moved : { ...moved, ...holdAtGate(next, at) };
  }
  if (waits && outcome.kind === 'failed') {
    return { ...patch, ...holdForRateLimit({ ...task, ...resumed(task, at) } as TaskRecord, outcome, at) };
  }
  if (outcome.kind === 'interrupted' && running) {
    return { ...patch, ...holdUntilBack({ ...task, ...resumed(task, at) } as TaskRecord, outcome.error, at) };
  }
  if (!running) return patch;
  const through = outcome.kind === 'completed' ? clearRateLimit(task) : {};
  return { ...patch, ...through, ...turnTransition(task, executionId, outcome, keep, at) };
}

/** Facts about a completed turn besides its outcome. */
export interface TurnFindings {
  /** The structured note in the agent's last message. */
  readonly note?: HandoffNote | undefined;
  /** The latest outcome of each check. */
  readonly checks?: readonly CheckResult[] | undefined;
}

/** The session is closed and the worker releases the task: the lease ends, and an open execution with it. */
export function release(task: TaskRecord, executionId: string, end: AgentEnd, at: string): TaskPatch {
  const execution = task.executions.find((candidate) => candidate.id === executionId);
  return {
    ...(task.status === 'completed_active' && waitingFollowUps(task).length > 0 ? reopen(task, at) : {}),
    lease: undefined,
    // An ended task sends no more prompts. A failed one can resume.
    ...(isTerminal(task.status) && task.status !== 'failed'
      ? { follow_ups: task.follow_ups.filter((followUp) => followUp.taken_at !== undefined) }
      : {}),
    // Answered while the session was closing: another run gives the answer to the agent.
    ...(task.status === 'paused' && task.pause_reason === 'approval' && waitingAnswer(task) !== undefined
      ? { pause_reason: 'interrupted' as const, queued_at: task.queued_at ?? at }
      : {}),
    ...(execution?.ended_at === undefined
      ? { executions: patchExecution(task, executionId, { ended_at: at, outcome: lastOutcome(task), ...endOf(end) }) }
      : {}),
  };
}

/**
 * Handles the loss of the worker. Work in progress is paused for a resume. An open session between turns is closed,
 * which completes the task unless a person must review it.
 */
export function interrupt(task: TaskRecord, at: string): TaskPatch {
  const last = task.executions.at(-1);
  const patch: TaskPatch = {
    lease: undefined,
    approvals: expireRunApprovals(task, at),
    ...(last === undefined || last.ended_at !== undefined
      ? {}
      : {
          executions: patchExecution(task, last.id, {
            ended_at: at,
            outcome: 'interrupted',
            error_code: 'Interrupted',
          }),
        }),
  };
  const why = `The worker${task.lease === undefined ? '' : ` (process ${task.lease.pid} on ${task.lease.host})`} is gone.`;
  const pause = {
    at,
    reason: 'interrupted',
    pauseReason: 'interrupted',
    error: why,
    errorCode: 'Interrupted',
    next: [operationStep('Resume it', 'task.resume', { tasks: [task.number] })],
  } as const;
  if (task.status === 'in_progress') return { ...patch, ...transition(task, 'paused', pause), ...again(task, at) };
  if (awaitsAnswer(task)) return patch;
  if (isUnderway(task)) {
    return {
      ...patch,
      pause_reason: 'interrupted',
      error: pause.error,
      error_code: pause.errorCode,
      error_next: [...pause.next],
      ...again(task, at),
    };
  }
  if (task.status === 'completed_active' && waitingFollowUps(task).length > 0) return { ...patch, ...reopen(task, at) };
  if (task.status === 'completed_active' && !needsAcceptance(task)) {
    return { ...patch, ...transition(task, 'completed', { at, reason: 'its session was closed' }) };
  }
  return patch;
}

/**
 * Resumes automatically unless that would repeat work, or it was interrupted so often in a row that something else must
 * be wrong.
 */
function again(task: TaskRecord, at: string): TaskPatch {
  // A started script could only be repeated; a run without a session has done no work.
  const last = task.executions.at(-1);
  if (last?.resumable === false && isOfCurrentStep(last, task)) return {};
  const inARow = earlierInterruptions(task);
  return inARow < RESUME_DELAYS.length ? { queued_at: at, not_before: notBefore(inARow, at) } : {};
}

/** Pauses a task whose agent was cut off; a worker resumes its session once the agent can run again, however often. */
function holdUntilBack(task: TaskRecord, error: string, at: string): TaskPatch {
  const next = [operationStep('Resume it', 'task.resume', { tasks: [task.number] })];
  const pause = {
    at,
    reason: 'interrupted',
    pauseReason: 'interrupted',
    error,
    errorCode: 'Interrupted',
    next,
  } as const;
  return { ...transition(task, 'paused', pause), queued_at: at, not_before: notBefore(earlierInterruptions(task), at) };
}

/** The number of executions in a row before the last one that were interrupted. */
function earlierInterruptions({ executions }: TaskRecord): number {
  const earlier = executions.slice(0, -1);
  return earlier.length - 1 - earlier.findLastIndex((execution) => execution.error_code !== 'Interrupted');
}

/** False for the last execution of a completed step, before the next step starts. */
function isOfCurrentStep(execution: Execution, task: TaskRecord): boolean {
  return task.workflow === undefined || execution.step === stepIndex(task);
}

/** False also for a task that was restarted while its run was still ending: that one has not started again. */
function isUnderway(task: TaskRecord): boolean {
  const working = task.status === 'in_progress' || (task.status === 'paused' && task.pause_reason === 'approval');
  return working && task.started_at !== undefined;
}

/** The agent has ended its turn with a question: the task waits for the person's answer, in its session or without. */
function holdForAnswer(
  task: TaskRecord,
  outcome: TurnOutcome & { kind: 'completed' },
  { title, message }: { title: string; message: string },
  at: string,
): TaskPatch {
  const open = { ...task, approvals: expireApprovals(task, at) };
  const { approvals } = addApproval(open, { kind: 'feedback', title, detail: { question: message } }, at);
  const active = { ...task, ...resumed(task, at) } as TaskRecord;
  const reason = `asks: ${title}`;
  return {
    ...transition(active, 'paused', { at, reason, pauseReason: 'approval', result: outcome.result }),
    approvals,
  };
}

/** A turn ended while its task was paused for a request. */
function resumed(task: TaskRecord, at: string): TaskPatch {
  return task.status === 'paused' ? transition(task, 'in_progress', { at, reason: 'turn ended' }) : {};
}

function turnTransition(
  task: TaskRecord,
  executionId: string,
  outcome: TurnOutcome,
  keep: boolean,
  at: string,
): TaskPatch {
  const reason = outcome.stopReason;
  const active = { ...task, ...resumed(task, at) } as TaskRecord;
  if (outcome.kind === 'completed') {
    return transition(active, keep ? 'completed_active' : 'completed', { at, result: outcome.result, reason });
  }
  if (outcome.kind !== 'failed') return transition(active, 'cancelled', { at, reason });
  const { error, errorCode } = outcome;
  const opened = task.executions.find(({ id, resumable }) => id === executionId && resumable !== false)?.session_id;
  // Before a resumed session is open, it can still be resumed.
  const session = opened ?? resumeSession(task);
  const next = session === undefined ? outcome.next : [resumeStep(task), ...(outcome.next ?? [])];
  return transition(active, 'failed', { at, reason, error, errorCode, next });
}

/** A restart would repeat finished work, so that resuming is offered first. */
function resumeStep({ number }: TaskRecord): NextStep {
  return operationStep('Resume it where it stopped', 'task.resume', { tasks: [number] });
}

/** The outcome of a run without its own outcome: the state of its task, which may have been restarted in between. */
function lastOutcome(task: TaskRecord): Execution['outcome'] {
  if (task.status === 'paused') return 'interrupted';
  const reset = task.started_at === undefined;
  const ended = reset ? task.history.findLast((change) => isTerminal(change.to))?.to : task.status;
  return ended === 'cancelled' || ended === 'failed' ? ended : 'completed';
}

function executionEnd(outcome: TurnOutcome, at: string): Partial<Execution> {
  return {
    ended_at: at,
    outcome: outcome.kind,
    ...endOf(outcome.end ?? {}),
    ...(outcome.kind === 'failed' ? { error: outcome.error, error_code: outcome.errorCode } : {}),
    ...(outcome.kind === 'interrupted' ? { error: outcome.error, error_code: 'Interrupted' } : {}),
  };
}

function endOf(end: AgentEnd): Partial<Execution> {
  return {
    ...(end.exitCode === undefined ? {} : { exit_code: end.exitCode }),
    ...(end.signal === undefined ? {} : { signal: end.signal }),
  };
}
