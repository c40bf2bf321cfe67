import { closedGate } from './approval.ts';
import type { TaskPatch } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';
import { holdAtGate } from './start.ts';

/**
 * Withdraws the approvals of phases that a change replaced: an approval is for one phase, not for its position. A pending
 * request for such a phase is asked again.
 */
export function gatesAfter(task: TaskRecord, patch: TaskPatch, at: string): TaskPatch {
  const next = { ...task, ...patch } as TaskRecord;
  const isReplaced = (step: number): boolean =>
    JSON.stringify(task.workflow?.[step]) !== JSON.stringify(next.workflow?.[step]);
  const stale = task.approvals.filter(
    ({ kind, step, spent }) => kind === 'gate' && spent !== true && step !== undefined && isReplaced(step),
  );
  if (stale.length === 0) return {};
  const approvals = task.approvals.map((approval) => {
    if (!stale.includes(approval)) return approval;
    const expired = approval.status === 'pending' ? { status: 'expired' as const, decided_at: at } : {};
    return { ...approval, ...expired, spent: true };
  });
  if (!stale.some(({ status }) => status === 'pending')) return { approvals };
  const asks = { ...next, approvals } as TaskRecord;
  return closedGate(asks) === undefined
    ? { approvals, pause_reason: 'interrupted', queued_at: task.queued_at ?? at }
    : { approvals, ...holdAtGate(asks, at) };
}
