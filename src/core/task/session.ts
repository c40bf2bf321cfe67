import { TaskError } from '../errors.ts';
import { operationStep, textStep } from '../next-step.ts';
import { pendingApprovals } from './approval.ts';
import { requireConfirmed } from './confirmation.ts';
import { newPartId } from './id.ts';
import { jsonCopy } from './json-value.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { awaitsAnswer } from './question.ts';
import { stepsInstead } from './refused-action.ts';
import { expireApprovals } from './request.ts';
import { setResumeSession } from './resume-session.ts';
import type { TaskRecord } from './schema.ts';
import { continueCompleted, requestStart } from './start.ts';
import { openWorkspace } from './workspace.ts';

/** Ends a task manually and expires its open requests. The worker ends its agent when it detects this. */
export function cancel(task: TaskRecord, at: string, reason?: string): TaskPatch {
  return { ...transition(task, 'cancelled', { at, reason: reason ?? 'cancelled' }), ...closed(task, at) };
}

/** Stops the work for now. Its run ends when it sees this; starting the task again resumes the session. */
export function pause(task: TaskRecord, at: string, reason?: string): TaskPatch {
  return {
    ...transition(task, 'paused', { at, reason: reason ?? 'paused', pauseReason: 'person' }),
    ...closed(task, at),
  };
}

/** Accepts a task as done and closes any open session. */
export function complete(
  task: TaskRecord,
  at: string,
  input: { reason?: string | undefined; result?: unknown } = {},
): TaskPatch {
  const result = input.result === undefined ? undefined : jsonCopy(input.result, 'result');
  return { ...transition(task, 'completed', { at, reason: input.reason, result }), ...closed(task, at) };
}

/**
 * Another prompt for the session of a task. The worker sends it after the current turn. A paused or completed task, or
 * one whose session was closed, is queued to resume the session with it.
 *
 * @throws TaskError `SessionClosed` if the task has no session, `NotConfirmed` for one from outside
 */
export function followUp(task: TaskRecord, prompt: string, at: string): TaskPatch {
  if (prompt.trim() === '') {
    throw new TaskError('InvalidInput', 'A follow-up needs some words.', {
      next: [textStep('Describe the next step for the agent.')],
    });
  }
  return {
    ...continued(task, at),
    follow_ups: [...task.follow_ups, { id: newPartId('prompt'), prompt, at }],
  };
}

/** True for the result of an agent that a person may still send back: it is neither merged nor discarded. */
export function isFinishedResult(task: TaskRecord): boolean {
  const { status, kind, workspace } = task;
  const finished = status === 'completed_active' || (status === 'completed' && task.lease === undefined);
  return kind === 'work' && finished && (workspace === undefined || openWorkspace(task) !== undefined);
}

/**
 * Sends a finished result back to its agent, which continues in the same session with the reason.
 *
 * @throws TaskError `InvalidInput` without a reason, and the errors of {@link followUp}
 */
export function requestChanges(task: TaskRecord, reason: string, at: string): TaskPatch {
  if (reason.trim() === '') {
    throw new TaskError('InvalidInput', 'A request for changes needs a reason.', {
      next: [operationStep('Describe the changes', 'task.reject', { task: task.number }, ['reason'])],
    });
  }
  return followUp(task, `A person reviewed the result and requests changes:\n\n${reason.trim()}`, at);
}

/** The patch that lets a worker send a new prompt. */
function continued(task: TaskRecord, at: string): TaskPatch {
  const { number, status, lease, started_at: started } = task;
  if ((status === 'in_progress' || status === 'paused' || status === 'completed') && takesNoPrompts(task)) {
    throw new TaskError('SessionClosed', `#${number} runs a script, which takes no prompts.`, {
      next: stepsInstead('follow-up', task),
    });
  }
  if (awaitsAnswer(task)) {
    throw new TaskError('SessionClosed', `#${number} waits for the answer to its question.`, {
      next: [operationStep('Answer it', 'task.answer', { task: number }, ['answer'])],
    });
  }
  if (status === 'completed_active') return lease === undefined ? reopen(task, at) : {};
  if (status === 'completed') return continueCompleted(task, at, 'follow-up');
  if (lease !== undefined && (status === 'in_progress' || pendingApprovals(task).length > 0)) return {};
  if (status === 'paused' && started !== undefined && pendingApprovals(task).length === 0)
    return requestStart(task, at);
  throw new TaskError('SessionClosed', `#${number} has no open session; it is ${status}.`, {
    next: stepsInstead('follow-up', task),
  });
}

/** True for a script, also in the current step of a workflow. */
function takesNoPrompts({ tool, executions }: TaskRecord): boolean {
  const last = executions.at(-1);
  return tool === 'SHELL' || (last?.ended_at === undefined && last?.resumable === false);
}

/** Queues a task whose session was closed. The next worker resumes the session. */
export function reopen(task: TaskRecord, at: string): TaskPatch {
  requireConfirmed(task);
  const active = transition(task, 'in_progress', { at, reason: 'follow-up' });
  const waits = { at, reason: 'waits for a worker', pauseReason: 'interrupted' } as const;
  const last = task.executions.at(-1);
  return {
    ...active,
    ...transition({ ...task, ...active } as TaskRecord, 'paused', waits),
    queued_at: at,
    ...setResumeSession(last?.resumable === false ? undefined : last?.session_id),
  };
}

/** The follow-ups that no agent was given yet, oldest first. */
export function waitingFollowUps(task: TaskRecord): TaskRecord['follow_ups'] {
  return task.follow_ups.filter((followUp) => followUp.taken_at === undefined);
}

/** Sends the next prompt to the agent, which resumes work, or starts with it after a pause. The reply replaces the result of the previous turn. */
export function takeFollowUp(task: TaskRecord, id: string, at: string): TaskPatch {
  return {
    ...(task.status === 'in_progress' ? {} : transition(task, 'in_progress', { at, reason: 'follow-up' })),
    follow_ups: task.follow_ups.map((followUp) => (followUp.id === id ? { ...followUp, taken_at: at } : followUp)),
  };
}

/** Turns a task that has not begun into a group, which never runs itself. */
export function becomeGroup(task: TaskRecord, at: string): TaskPatch {
  return { kind: 'group', queued_at: undefined, workflow: undefined, step: undefined, ...closed(task, at) };
}

/** Closes the requests of an ended task. */
export function closed(task: TaskRecord, at: string): TaskPatch {
  return pendingApprovals(task).length > 0 ? { approvals: expireApprovals(task, at) } : {};
}
