import type { TaskRecord } from './schema.ts';

/** A program that neither changes nor logs for this long has abandoned its task or ended. */
export const SILENT_MS = 60_000;

/**
 * The last activity, as ISO 8601, of a task that a program set to in_progress without a lease and then left alone.
 * Undefined for every other task.
 *
 * @param loggedAt the time of its latest log line in milliseconds; undefined if unknown
 */
export function silentSince(task: TaskRecord, loggedAt: number | undefined, now: number): string | undefined {
  if (task.kind !== 'work' || task.status !== 'in_progress' || task.lease !== undefined) return undefined;
  const last = Math.max(Date.parse(task.updated_at), loggedAt ?? 0);
  return now - last < SILENT_MS ? undefined : new Date(last).toISOString();
}
