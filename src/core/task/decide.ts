import { TaskError } from '../errors.ts';
import { type NextStep, operationStep, textStep } from '../next-step.ts';
import {
  type Approval,
  type ApprovalDecision,
  type ApprovalDetail,
  type ApprovalKind,
  type Gate,
  pendingApprovals,
} from './approval.ts';
import { requireAnswer } from './form-answer.ts';
import { newPartId } from './id.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { afterAnswer } from './question.ts';
import { limits, type TaskRecord } from './schema.ts';

export interface ApprovalRequest {
  readonly kind: ApprovalKind;
  readonly title: string;
  readonly detail?: ApprovalDetail | undefined;
  readonly executionId?: string | undefined;
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

/**
 * The one request that a person means: by number or id, or the only one that waits.
 *
 * @throws TaskError `ApprovalNotFound`, or `AmbiguousTask` when several wait and none is named
 */
export function findApproval(task: TaskRecord, request: string | number | undefined): Approval {
  const waiting = pendingApprovals(task);
  if (request === undefined) {
    const [first, second] = waiting;
    if (first === undefined) throw noRequest(task, 'nothing to decide');
    if (second === undefined) return first;
    throw new TaskError('AmbiguousTask', `#${task.number} asks ${waiting.length} things.`, {
      next: [
        textStep(`Name one: ${waiting.map((a) => `request ${a.number} (${a.title})`).join(', ')}.`),
        showRequests(task),
      ],
      details: { requests: waiting.map((a) => ({ number: a.number, title: a.title })) },
    });
  }
  const found = task.approvals.find((a) => a.id === request || a.number === Number(request));
  if (found === undefined) throw noRequest(task, `no request ${request}`);
  if (found.status !== 'pending') {
    throw new TaskError('ApprovalNotFound', `Request ${found.number} of #${task.number} is ${found.status} already.`, {
      next: found.decided_by === undefined ? [] : [textStep(`It was decided by ${found.decided_by}.`)],
    });
  }
  return found;
}

/** The patch of a decision: the request is answered, and the task continues, ends, or waits for its other requests. */
export function decideApproval(
  task: TaskRecord,
  approval: Approval,
  decision: ApprovalDecision,
  at: string,
): TaskPatch {
  if (approval.kind === 'gate') requireApprover(task, decision.by);
  if (approval.kind === 'feedback' && decision.approve) requireAnswer(approval, decision.notes);
  const decided: Approval = {
    ...approval,
    status: decision.approve ? 'approved' : 'rejected',
    decided_at: at,
    decided_by: decision.by,
    ...(decision.notes === undefined ? {} : { notes: decision.notes }),
    ...(decision.scope === undefined ? {} : { scope: decision.scope }),
    ...(decision.rule === undefined ? {} : { rule: decision.rule }),
  };
  const approvals = task.approvals.map((other) => (other.id === approval.id ? decided : other));
  const patch: TaskPatch = { approvals };
  if (task.status !== 'paused' || task.pause_reason !== 'approval') return patch;
  if (approval.kind === 'gate') return { ...patch, ...afterGate(task, decision, at) };
  if (pendingApprovals({ approvals }).length > 0) return patch;
  const answered = afterAnswer(task, approval, at);
  if (answered !== undefined) return { ...patch, ...answered };
  return { ...patch, ...transition(task, 'in_progress', { at, reason: decision.approve ? 'approved' : 'rejected' }) };
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

function afterGate(task: TaskRecord, decision: ApprovalDecision, at: string): TaskPatch {
  if (decision.approve) {
    // A task that ran before resumes instead of starting over.
    if (task.started_at !== undefined) return { pause_reason: 'interrupted', queued_at: task.queued_at ?? at };
    return {
      ...transition(task, 'pending', { at, reason: `approved by ${decision.by}` }),
      queued_at: task.queued_at ?? at,
    };
  }
  const words = decision.notes === undefined || decision.notes === '' ? '' : `: ${decision.notes}`;
  return transition(task, 'failed', {
    at,
    reason: `rejected by ${decision.by}`,
    error: `Rejected by ${decision.by}${words}.`,
    errorCode: 'ApprovalRejected',
    next: [operationStep('Restart it to ask again', 'task.restart', { tasks: [task.number] })],
  });
}

/**
 * Protects the approver of a task: only the approver can remove or change the approver or the approval.
 *
 * @throws TaskError `NotApprover` for any other person
 */
export function requireGateOwner(task: TaskRecord, after: Gate | undefined, by: string): void {
  const approver = task.approval?.approver;
  if (approver === undefined || isApprover(approver, by)) return;
  if (after?.approver === approver && (after.required || task.approval?.required !== true)) return;
  throw new TaskError('NotApprover', `The approval of #${task.number} belongs to ${approver}, not to ${by}.`, {
    next: [textStep(`Ask ${approver}, act in that name, or force the change, which is recorded.`)],
  });
}

/** True for the approver's name, address, or the part of the address before the @. */
function isApprover(approver: string, by: string): boolean {
  const actor = by.toLowerCase();
  const address = /<([^>]*)>/.exec(actor)?.[1] ?? actor;
  const name = actor.replace(/<[^>]*>/, '').trim();
  return [actor, name, address, address.split('@')[0]].includes(approver.toLowerCase());
}

/** A gate with an approver is decided by that person. */
function requireApprover(task: TaskRecord, by: string): void {
  const approver = task.approval?.approver;
  if (approver === undefined || isApprover(approver, by)) return;
  throw new TaskError('NotApprover', `#${task.number} is to be decided by ${approver}, not by ${by}.`, {
    next: [textStep(`Ask ${approver}, or act in that name.`)],
  });
}

function noRequest(task: TaskRecord, what: string): TaskError {
  return new TaskError('ApprovalNotFound', `#${task.number} "${task.title}" has ${what}.`, {
    next: [showRequests(task)],
  });
}

function showRequests({ number }: TaskRecord): NextStep {
  return operationStep('Show its requests', 'task.show', { task: number });
}
