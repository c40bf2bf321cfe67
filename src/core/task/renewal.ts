import type { Lease, TaskRecord } from './schema.ts';

/** The keys that a worker writes while it holds a task. */
export const renewedKeys: ReadonlySet<string> = new Set(['lease', 'active_ms', 'active_since']);

/** The renewals of the task's lease since its last revision. */
export function renewals(task: Pick<TaskRecord, 'lease'>): number {
  return task.lease?.renewal ?? 0;
}

/** Whether a record of a task is later than another one. */
export function isLater(task: TaskRecord, other: TaskRecord): boolean {
  return task.revision > other.revision || (task.revision === other.revision && renewals(task) > renewals(other));
}

/**
 * The renewed lease if a change only lets a worker keep the task that it holds. Such a renewal is no revision, because the
 * work itself stays the same.
 */
export function renewedLease(
  before: TaskRecord | undefined,
  set: Readonly<Record<string, unknown>>,
  unset: readonly string[] | undefined,
): Lease | undefined {
  const lease = set['lease'] as Lease | undefined;
  if (lease === undefined || (unset?.length ?? 0) > 0 || lease.worker !== before?.lease?.worker) return undefined;
  return Object.keys(set).every((key) => renewedKeys.has(key)) ? lease : undefined;
}
