import { TaskError } from '../errors.ts';
import { type NextStep, operationStep, textStep } from '../next-step.ts';
import { type Approval, type ApprovalDecision, type Gate, pendingApprovals } from './approval.ts';
import { requireAnswer } from './form-answer.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { afterAnswer } from './question.ts';
import type { TaskRecord } from './schema.ts';

/**
 * The one request that a person means: by number or id, or the only one that waits.
 *
 * @throws TaskError `ApprovalNotFound`, or `AmbiguousTask` when several wait and none is named
 */
export function findApproval(task: TaskRecord, request: string | number | undefined): Approval {
  const waiting = pendingApprovals(task);
  if (request === undefined) {
    const [first, second] = waiting;
    if (first === undefined) {
      throw new TaskError('ApprovalNotFound', `#${task.number} "${task.title}" has no pending request.`, {
        next: [operationStep('List what needs you', 'inbox')],
      });
    }
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
