import type { Approval, Gate } from './approval-schema.ts';
import type { TaskRecord } from './schema.ts';
import { currentStep, stepIndex } from './workflow.ts';

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

/** True when the gates of a task and of its current step are open: none asked for, or approved. */
export function gateIsOpen(task: Gated): boolean {
  return closedGate(task) === undefined;
}

interface Gated {
  readonly approval?: Gate | undefined;
  readonly approvals: readonly Approval[];
  readonly workflow?: TaskRecord['workflow'];
  readonly step?: number | undefined;
}

/** The gate to ask for: of the task first, then of the current step. */
export function closedGate(task: Gated): { readonly step?: number } | undefined {
  const isApproved = (step: number | undefined): boolean =>
    task.approvals.some(
      (each) => each.kind === 'gate' && each.status === 'approved' && each.spent !== true && each.step === step,
    );
  if (task.approval?.required === true && !isApproved(undefined)) return {};
  const step = stepIndex(task);
  return currentStep(task)?.gate === true && !isApproved(step) ? { step } : undefined;
}
