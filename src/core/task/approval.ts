import type { Approval, Gate } from './approval-schema.ts';

export type { Approval, ApprovalDetail, ApprovalKind, Gate, QuestionField } from './approval-schema.ts';

export interface ApprovalDecision {
  readonly approve: boolean;
  readonly by: string;
  readonly notes?: string | undefined;
  readonly scope?: 'once' | 'task' | undefined;
  /** The rule that was written for similar requests. */
  readonly rule?: string | undefined;
}

export function pendingApprovals(task: { readonly approvals: readonly Approval[] }): Approval[] {
  return task.approvals.filter((approval) => approval.status === 'pending');
}

/** True if every pending request is a question, which a person answers instead of approving it. */
export function onlyQuestions(requests: readonly Approval[]): boolean {
  return requests.length > 0 && requests.every(({ kind }) => kind === 'feedback');
}

/** True when the gate of a task is open: none asked for, or approved. */
export function gateIsOpen(task: {
  readonly approval?: Gate | undefined;
  readonly approvals: readonly Approval[];
}): boolean {
  if (task.approval?.required !== true) return true;
  return task.approvals.some(
    (approval) => approval.kind === 'gate' && approval.status === 'approved' && approval.spent !== true,
  );
}
