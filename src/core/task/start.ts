import { TaskError } from '../errors.ts';
import { operationStep } from '../next-step.ts';
import { closedGate, gateIsOpen, pendingApprovals } from './approval.ts';
import { requireConfirmed } from './confirmation.ts';
import { isTerminal, type TaskPatch, type TransitionInput, transition } from './lifecycle.ts';
import { refusedAction } from './refused-action.ts';
import { addApproval } from './request.ts';
import { resumeSession, setResumeSession } from './resume-session.ts';
import type { TaskRecord } from './schema.ts';
import { currentStep, moveTo, rewind, workStep } from './workflow.ts';

/**
 * Requests the start of a task. It is queued until a worker claims it; a task with a closed gate waits for its approval
 * first. A second request changes nothing.
 *
 * @throws TaskError `IllegalTransition` for a task that runs, is open for follow-ups, or has ended; `NotConfirmed` for
 * one from outside
 */
export function requestStart(task: TaskRecord, at: string): TaskPatch {
  if (task.kind === 'group') {
    throw new TaskError('IllegalTransition', `#${task.number} is a group; groups do not run.`, {
      next: [operationStep('Show the tasks in it', 'task.show', { task: task.number })],
    });
  }
  requireConfirmed(task);
  const queued = {
    queued_at: task.queued_at ?? at,
    ...(task.not_before === undefined ? {} : { not_before: undefined }),
    ...(task.rate_limit_until === undefined ? {} : { rate_limit_until: undefined }),
  };
  if (task.status === 'pending') return gateIsOpen(task) ? queued : { ...holdAtGate(task, at), ...queued };
  if (task.status === 'paused') {
    if (pendingApprovals(task).length > 0 && task.pause_reason === 'approval') return {};
    if (!gateIsOpen(task)) return { ...holdAtGate(task, at), ...queued };
    if (task.started_at !== undefined) return queued;
    return { ...transition(task, 'pending', { at, reason: 'released' }), ...queued };
  }
  throw refusedAction('start', task, { to: 'in_progress' });
}

/**
 * Puts an ended task back to the start and asks for it to be run.
 *
 * @throws TaskError `IllegalTransition` for a task that has not ended
 */
export function restart(task: TaskRecord, at: string): TaskPatch {
  if (!isTerminal(task.status)) throw refusedAction('restart', task, { to: 'pending' });
  const fresh = reset(task, { at, reason: 'restarted' });
  return { ...fresh, ...requestStart({ ...task, ...fresh } as TaskRecord, at) };
}

/**
 * Asks for a failed task to continue: its agent resumes the session, or a new session receives a summary of the log.
 *
 * @throws TaskError `IllegalTransition` for a task that has not failed
 */
export function resumeFailed(task: TaskRecord, at: string): TaskPatch {
  const last = task.executions.at(-1);
  const session = last?.resumable === false ? undefined : (last?.session_id ?? resumeSession(task));
  const waiting = task.follow_ups.filter((followUp) => followUp.taken_at === undefined);
  return { ...restart(task, at), ...setResumeSession(session), follow_ups: waiting };
}

/**
 * Queues a completed task for more work in the session that did it. Unlike a restart it keeps the decision at its gate,
 * its result and the finished steps of a workflow.
 *
 * @throws TaskError `IllegalTransition` for a group, `NotConfirmed` for a task from outside
 */
export function continueCompleted(task: TaskRecord, at: string, reason: string): TaskPatch {
  const to = workStep(task);
  const last = task.executions.findLast(({ step }) => task.workflow === undefined || step === to);
  const patch = {
    ...transition(task, 'pending', { at, reason, result: task.result }),
    ...moveTo(task, { to }),
    active_ms: task.active_ms,
    ...setResumeSession(last?.resumable === false ? undefined : last?.session_id),
  };
  return { ...patch, ...requestStart({ ...task, ...patch } as TaskRecord, at) };
}

/** Resets an ended task to pending. An answered gate asks again, because the decision belonged to the earlier run. */
export function reset(task: TaskRecord, input: TransitionInput): TaskPatch {
  const approvals = task.approvals.map((approval) =>
    approval.kind === 'gate' || approval.kind === 'feedback' ? { ...approval, spent: true } : approval,
  );
  return {
    ...transition(task, 'pending', input),
    approvals,
    follow_ups: [],
    ...rewind(task),
    restored: undefined,
    ...setResumeSession(undefined),
  };
}

/** Requests the approval that a task, or its current step, needs before it starts or resumes. */
export function holdAtGate(task: TaskRecord, at: string): TaskPatch {
  const { step } = closedGate(task) ?? {};
  const { phase = '', agent = '' } = currentStep(task) ?? {};
  const what = step === undefined ? `Start "${task.title}"` : `Start the phase "${phase}" with ${agent}`;
  const who = task.approval?.approver;
  const title = `${what}${who === undefined ? '' : ` (${who} decides)`}`;
  const { approvals } = addApproval(task, { kind: 'gate', title, step }, at);
  if (task.status === 'paused')
    return { approvals, pause_reason: 'approval', error: undefined, error_code: undefined, error_next: undefined };
  const reason = 'waits for approval before it starts';
  return { approvals, ...transition(task, 'paused', { at, reason, pauseReason: 'approval' }) };
}
