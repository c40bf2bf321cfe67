import { TaskError } from '../errors.ts';
import type { NextStep } from '../next-step.ts';
import { refusedAction, stepsInstead, type TaskAction } from './refused-action.ts';
import type { PauseReason, TaskRecord, TaskStatus } from './schema.ts';
import { limits } from './values.ts';

/** The one table of legal changes, used by every entry point: from, to, and the reason for the history. */
const table: Readonly<Record<TaskStatus, Readonly<Partial<Record<TaskStatus, string>>>>> = {
  pending: { in_progress: 'start', paused: 'hold', completed: 'complete', failed: 'cannot start', cancelled: 'cancel' },
  in_progress: {
    paused: 'pause',
    completed_active: 'turn ended',
    completed: 'done',
    failed: 'error',
    cancelled: 'cancel',
  },
  paused: { pending: 'release', in_progress: 'resume', completed: 'complete', failed: 'give up', cancelled: 'cancel' },
  completed_active: {
    in_progress: 'follow up',
    completed: 'end session',
    failed: 'review failed',
    cancelled: 'cancel',
  },
  failed: { pending: 'restart', in_progress: 'resume', completed: 'complete', cancelled: 'cancel' },
  cancelled: { pending: 'restart', paused: 'reopen' },
  completed: { pending: 'restart' },
};

/** The error of a task that was set to failed without one. */
const NO_ERROR_GIVEN = 'The task was marked as failed without an error message.';

const terminal: ReadonlySet<TaskStatus> = new Set(['completed', 'failed', 'cancelled']);

export function isTerminal(status: TaskStatus): boolean {
  return terminal.has(status);
}

export function allowedTransitions(from: TaskStatus): TaskStatus[] {
  return Object.keys(table[from]) as TaskStatus[];
}

export function canTransition(from: TaskStatus, to: TaskStatus): boolean {
  return table[from][to] !== undefined;
}

export interface TransitionInput {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly reason?: string | undefined;
  readonly pauseReason?: PauseReason | undefined;
  readonly error?: string | undefined;
  readonly errorCode?: string | undefined;
  /** Next steps for a person. */
  readonly next?: readonly NextStep[] | undefined;
  readonly result?: unknown;
}

/** Fields to set; a key whose value is undefined is to be removed. */
export type TaskPatch = { [K in keyof TaskRecord]?: TaskRecord[K] | undefined };

/**
 * The fields that change on a transition to `to`: status, times, active time, error and history.
 *
 * @throws TaskError `IllegalTransition` with the commands that help; `details.allowed` has the allowed statuses
 */
export function transition(task: TaskRecord, to: TaskStatus, input: TransitionInput): TaskPatch {
  const word = table[task.status][to];
  if (word === undefined || (to === 'pending' && hasBegun(task))) throw illegal(task, to);
  const reason = (nonBlank(input.reason) ?? word).slice(0, 2_000);
  const error = nonBlank(input.error) ?? (to === 'failed' ? (nonBlank(input.reason) ?? NO_ERROR_GIVEN) : undefined);
  const patch: TaskPatch = {
    status: to,
    pause_reason: to === 'paused' ? (input.pauseReason ?? 'person') : undefined,
    history: [...task.history, { from: task.status, to, at: input.at, reason }].slice(-limits.history),
    // The earlier error remains in the log and in the execution.
    error,
    error_code: error === undefined ? undefined : (nonBlank(input.errorCode) ?? 'Internal'),
    error_next:
      error === undefined || input.next === undefined || input.next.length === 0 ? undefined : [...input.next],
    ...(task.quiet_since === undefined ? {} : { quiet_since: undefined }),
    ...activeTime(task, to, input.at),
  };
  if (to === 'in_progress') Object.assign(patch, entering(task, input.at));
  if (to === 'pending' && task.status !== 'paused') Object.assign(patch, restarting());
  if (to === 'paused' && task.status === 'cancelled') patch.completed_at = undefined;
  if (to !== 'pending' && to !== 'paused') patch.queued_at = undefined;
  if (terminal.has(to)) patch.completed_at = input.at;
  if (to === 'completed') patch.progress = 100;
  if (input.result !== undefined) patch.result = input.result;
  return patch;
}

/**
 * A worker measures the work of its tasks in slices of 15 s. If a slice is longer than this by the wall clock, the
 * machine slept, the clock jumped or the worker died; the excess does not count as work.
 */
export const LONGEST_SLICE_MS = 45_000;

/** Milliseconds of work so far. Waiting, for a person or another reason, does not count. */
export function activeDuration(task: Pick<TaskRecord, 'active_ms' | 'active_since' | 'lease'>, now: number): number {
  const slice = task.active_since === undefined ? 0 : Math.max(0, now - Date.parse(task.active_since));
  // A program that works without a lease adds no slices: its work is one span.
  return task.active_ms + (task.lease === undefined ? slice : Math.min(slice, LONGEST_SLICE_MS));
}

function activeTime(task: TaskRecord, to: TaskStatus, at: string): TaskPatch {
  return to === 'in_progress'
    ? { active_since: at }
    : { active_ms: activeDuration(task, Date.parse(at)), active_since: undefined };
}

function entering(task: TaskRecord, at: string): TaskPatch {
  return { started_at: task.started_at ?? at, completed_at: undefined };
}

function restarting(): TaskPatch {
  return {
    started_at: undefined,
    completed_at: undefined,
    assigned_to: undefined,
    result: undefined,
    progress: undefined,
    active_ms: 0,
  };
}

/** The text, or undefined if it is blank. */
function nonBlank(text: string | undefined): string | undefined {
  return text?.trim() ? text : undefined;
}

/** True for a task that was paused during its work. It cannot become pending again, because its run may still work. */
function hasBegun(task: TaskRecord): boolean {
  return task.status === 'paused' && task.started_at !== undefined;
}

/** The action that leads to each status; an agent or a worker, not a person, brings a task into the others. */
const actionTo: Readonly<Partial<Record<TaskStatus, Exclude<TaskAction, 'follow-up'>>>> = {
  pending: 'restart',
  in_progress: 'start',
  paused: 'pause',
  completed: 'complete',
  cancelled: 'cancel',
};

function illegal(task: TaskRecord, to: TaskStatus): TaskError {
  const allowed = allowedTransitions(task.status).filter((status) => status !== 'pending' || !hasBegun(task));
  const action = actionTo[to];
  if (action !== undefined) return refusedAction(action, task, { to, allowed });
  return new TaskError('IllegalTransition', `#${task.number} is ${task.status} and cannot become ${to}.`, {
    next: stepsInstead('start', task),
    details: { from: task.status, to, allowed },
  });
}
