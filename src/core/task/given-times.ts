import { isTerminal, type TaskPatch } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** Times that a program gives for its own work (ISO 8601). */
export interface GivenTimes {
  readonly started_at?: string | undefined;
  readonly completed_at?: string | undefined;
}

/**
 * Makes the duration of a task agree with the given times. A task that a worker ran keeps its measured time.
 *
 * @param task the task after the change of its status and before the given times are set
 * @param starts whether the same update starts it
 */
export function workedAt(task: TaskRecord, given: GivenTimes, starts: boolean): TaskPatch {
  if (task.executions.length > 0) return {};
  if (starts) return given.started_at === undefined ? {} : { active_since: given.started_at };
  const start = task.started_at ?? (isTerminal(task.status) ? task.completed_at : undefined);
  const more = span(given.started_at, start) + span(task.completed_at, given.completed_at);
  if (more === 0) return {};
  if (task.active_since === undefined) return { active_ms: Math.max(0, task.active_ms + more) };
  return { active_since: new Date(Date.parse(task.active_since) - more).toISOString() };
}

/** Milliseconds from one moment to another; 0 if either is unknown. */
function span(from: string | undefined, to: string | undefined): number {
  return from === undefined || to === undefined ? 0 : Date.parse(to) - Date.parse(from);
}
