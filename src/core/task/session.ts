import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import { pendingApprovals } from './approval.ts';
import { expireApprovals } from './decide.ts';
import { newPartId } from './id.ts';
import { jsonCopy } from './json-value.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { stepsInstead } from './refused-action.ts';
import type { TaskRecord } from './schema.ts';

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
 * Another prompt for the open session of a task; the worker sends it when it sees it.
 *
 * @throws TaskError `SessionClosed` when there is no session to send it to
 */
export function followUp(task: TaskRecord, prompt: string, at: string): TaskPatch {
  if (prompt.trim() === '') {
    throw new TaskError('InvalidInput', 'A follow-up needs some words.', {
      next: [textStep('Say what the agent is to do next.')],
    });
  }
  if (task.status !== 'completed_active' || task.lease === undefined) {
    throw new TaskError('SessionClosed', `#${task.number} has no open session; it is ${task.status}.`, {
      next: [
        ...(task.status === 'in_progress' ? [textStep('Wait until its turn has ended.')] : []),
        ...stepsInstead('follow-up', task),
      ],
    });
  }
  return { follow_ups: [...task.follow_ups, { id: newPartId('prompt'), prompt, at }] };
}

/** The follow-ups that no agent was given yet, oldest first. */
export function waitingFollowUps(task: TaskRecord): TaskRecord['follow_ups'] {
  return task.follow_ups.filter((followUp) => followUp.taken_at === undefined);
}

/** Sends the next prompt to the agent, which resumes work. The reply replaces the result of the previous turn. */
export function takeFollowUp(task: TaskRecord, id: string, at: string): TaskPatch {
  return {
    ...transition(task, 'in_progress', { at, reason: 'follow-up' }),
    follow_ups: task.follow_ups.map((followUp) => (followUp.id === id ? { ...followUp, taken_at: at } : followUp)),
  };
}

/** Closes the requests of an ended task. */
export function closed(task: TaskRecord, at: string): TaskPatch {
  return pendingApprovals(task).length > 0 ? { approvals: expireApprovals(task, at) } : {};
}
