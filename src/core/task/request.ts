import type { Approval, ApprovalDetail, ApprovalKind } from './approval.ts';
import { newPartId } from './id.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { limits, type TaskRecord } from './schema.ts';

export interface ApprovalRequest {
  readonly kind: ApprovalKind;
  readonly title: string;
  readonly detail?: ApprovalDetail | undefined;
  readonly executionId?: string | undefined;
  /** Index of the workflow's step that a gate belongs to. */
  readonly step?: number | undefined;
}

/** The approvals of a task with one more, and that one. */
export function addApproval(
  task: TaskRecord,
  request: ApprovalRequest,
  at: string,
): { approvals: Approval[]; added: Approval } {
  const added: Approval = {
    id: newPartId('approval'),
    number: task.approvals.reduce((highest, approval) => Math.max(highest, approval.number), 0) + 1,
    kind: request.kind,
    title: request.title.slice(0, 2_000),
    status: 'pending',
    requested_at: at,
    ...(request.detail === undefined ? {} : { detail: request.detail }),
    ...(request.executionId === undefined ? {} : { execution_id: request.executionId }),
    ...(request.step === undefined ? {} : { step: request.step }),
  };
  return { approvals: withinLimit([...task.approvals, added]), added };
}

/** Asks a person while the task runs: the task is paused until they have decided. */
export function requestApproval(
  task: TaskRecord,
  request: ApprovalRequest,
  at: string,
): { patch: TaskPatch; added: Approval } {
  const { approvals, added } = addApproval(task, request, at);
  const held =
    task.status === 'in_progress'
      ? transition(task, 'paused', { at, reason: `asks: ${added.title}`, pauseReason: 'approval' })
      : {};
  return { patch: { ...held, approvals }, added };
}

/** Expires the open requests of an ended task. */
export function expireApprovals(task: TaskRecord, at: string): Approval[] {
  return task.approvals.map((approval) => (approval.status === 'pending' ? expired(approval, at) : approval));
}

/** Closes requests of ended executions; a gate stays open. */
export function expireRunApprovals(task: TaskRecord, at: string): Approval[] {
  return task.approvals.map((approval) =>
    approval.status === 'pending' && approval.execution_id !== undefined ? expired(approval, at) : approval,
  );
}

function expired(approval: Approval, at: string): Approval {
  return { ...approval, status: 'expired', decided_at: at };
}

/**
 * Limits the requests of a record: the oldest answered ones are dropped first, and open requests and the open gate
 * remain.
 */
function withinLimit(approvals: Approval[]): Approval[] {
  const excess = approvals.length - limits.history;
  if (excess <= 0) return approvals;
  const answered = approvals.filter((a) => a.status !== 'pending' && (a.kind !== 'gate' || a.spent === true));
  const gone = new Set(answered.slice(0, excess));
  return approvals.filter((approval) => !gone.has(approval));
}
