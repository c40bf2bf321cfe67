import { z } from 'zod';
import { type Approval, type ApprovalDecision, pendingApprovals } from '../../core/task/approval.ts';
import { decideApproval, findApproval } from '../../core/task/decide.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import type { WithActor, WithStandings } from '../context.ts';
import { taskById } from '../task/output.ts';
import { taskReference } from '../task/references.ts';
import { requestDigest, requireShown } from './request-digest.ts';

/** The input that approving and rejecting share: the task and its request. */
export const decisionFields = {
  task: taskReference,
  request: z
    .union([z.string().max(100), z.number().int().positive()])
    .optional()
    .describe('Number of the request. Optional if only one is pending.'),
  all: z.boolean().optional().describe('All pending requests of the task.'),
} as const;

export interface Which {
  readonly task: string;
  readonly request?: string | number | undefined;
  readonly all?: boolean | undefined;
}

/** A written rule, by its name, and the digest of the request from which it was created. */
export interface Remembered {
  readonly name: string;
  readonly request: string;
}

/** The displayed subject of an approval, so that no other content is approved. */
interface Approved {
  readonly rules?: ReadonlyMap<string, Remembered> | undefined;
  readonly shown?: string | undefined;
}

/** The requests that a person means: the one that they name, the only one, or all that wait. */
export function requestsOf(task: TaskRecord, which: Which): Approval[] {
  const waiting = which.all === true ? pendingApprovals(task) : [];
  return waiting.length > 0 ? waiting : [findApproval(task, which.request)];
}

/** The open requests that rules were written for. A worker may have approved some of them already by the new rules. */
function withRules(task: TaskRecord, rules: ReadonlyMap<string, Remembered>): Approval[] {
  const meant = task.approvals.filter(({ id }) => rules.has(id));
  return meant.flatMap((request) => {
    const done = request.status === 'approved' && request.rule === rules.get(request.id)?.name;
    return done ? [] : [findApproval(task, request.id)];
  });
}

/**
 * Answers one request of a task, or all open ones. The answer is data in the task, so that one decision closes the
 * request everywhere.
 *
 * @param approved the displayed requests, or the rules that were written with them, by the ids of the requests
 * @throws TaskError `ChangedSinceShown`, `ApprovalNotFound`, `AmbiguousTask` if several are open and none is named,
 * `NotApprover`
 */
export async function decide(
  context: WithStandings & WithActor,
  name: string,
  which: Which,
  decision: Omit<ApprovalDecision, 'by' | 'rule'>,
  { rules, shown }: Approved = {},
): Promise<Task> {
  const id = await context.store.transact(name, (draft) => {
    let task = draft.require(which.task);
    for (const request of rules === undefined ? requestsOf(task, which) : withRules(task, rules)) {
      const remembered = rules?.get(request.id);
      requireShown(task, request, remembered?.request ?? shown, requestDigest(task, request));
      const rule = remembered?.name;
      task = draft.patch(task.id, decideApproval(task, request, { ...decision, rule, by: context.actor }, draft.at));
      const words = decision.notes === undefined || decision.notes === '' ? '' : `: ${decision.notes}`;
      const later = rule === undefined ? '' : ` (from now on by a rule: ${rule})`;
      draft.log(task.id, {
        type: 'system',
        message: `${decision.approve ? 'Approved' : 'Rejected'} by ${context.actor}: ${request.title}${words}${later}`,
      });
    }
    return task.id;
  });
  return taskById(context, id);
}
