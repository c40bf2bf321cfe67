import { gateIsOpen } from './approval.ts';
import { openDependencies } from './dependencies.ts';
import { awaitsAnswer } from './question.ts';
import type { TaskRecord } from './schema.ts';

/**
 * Milliseconds to wait before an interrupted session resumes automatically, the first time, the second, and the last.
 */
export const RESUME_DELAYS = [0, 5_000, 30_000] as const;
const LONGEST_DELAY = Math.max(...RESUME_DELAYS);

type Find = (id: string) => TaskRecord | undefined;

/**
 * True if a worker may claim the task: it is queued and unclaimed, its gate is approved and every dependency is
 * completed.
 */
export function isReady(task: TaskRecord, find: Find): boolean {
  if (task.queued_at === undefined || !isUnblocked(task, find)) return false;
  if (task.status !== 'pending' && !(task.status === 'paused' && task.pause_reason !== 'approval')) return false;
  return gateIsOpen(task);
}

/**
 * True if a playing queue may start the task: a ready one, or one that is not queued yet. The latter may still need an
 * approval.
 */
export function isPlayable(task: TaskRecord, find: Find): boolean {
  if (task.queued_at !== undefined) return isReady(task, find);
  return task.status === 'pending' && isUnblocked(task, find);
}

/** Number of running tasks of each agent. Open sessions that wait for a person do not count. */
export function atWorkByAgent(tasks: { leased(): Iterable<TaskRecord> }): Map<string, number> {
  const counts = new Map<string, number>();
  for (const task of tasks.leased()) {
    if (takesSlot(task)) counts.set(task.tool, (counts.get(task.tool) ?? 0) + 1);
  }
  return counts;
}

/** True for a leased task that keeps a slot of its worker. */
export function takesSlot(task: TaskRecord): boolean {
  return (task.status === 'in_progress' || task.status === 'paused') && !awaitsAnswer(task);
}

function isUnblocked(task: TaskRecord, find: Find): boolean {
  if (task.kind !== 'work' || task.lease !== undefined || task.archived_at !== undefined) return false;
  return openDependencies(task, find).length === 0;
}

/** When a task may resume after `times` automatic resumptions; undefined for immediately. */
export function notBefore(times: number, at: string): string | undefined {
  const delay = RESUME_DELAYS[Math.min(times, RESUME_DELAYS.length - 1)] ?? 0;
  return delay === 0 ? undefined : new Date(Date.parse(at) + delay).toISOString();
}

/**
 * Milliseconds until a task may resume automatically; 0 when it may now. A clock that was put back does not extend the
 * delay.
 */
export function delayOf(task: TaskRecord, now: number): number {
  const left = task.not_before === undefined ? 0 : Date.parse(task.not_before) - now;
  return left > 0 && left <= LONGEST_DELAY ? left : 0;
}
