import { z } from 'zod';
import { type ApprovalDecision, pendingApprovals } from '../core/task/approval.ts';
import { decideApproval, findApproval } from '../core/task/decide.ts';
import type { Task } from '../core/task/schema.ts';
import type { OperationContext } from './operation.ts';
import { taskReference } from './references.ts';
import { taskById } from './task-output.ts';

/** What approving and rejecting have in common: which request of which task. */
export const decisionFields = {
  task: taskReference,
  request: z
    .union([z.string().max(100), z.number().int().positive()])
    .optional()
    .describe('Which request, by its number; not needed when only one waits.'),
  all: z.boolean().optional().describe('Everything that the task asks.'),
} as const;

interface Which {
  readonly task: string;
  readonly request?: string | number | undefined;
  readonly all?: boolean | undefined;
}

/**
 * Answers one request of a task, or all that wait. Deciding in one place closes it everywhere, because the answer is
 * data in the task.
 *
 * @throws TaskError `ApprovalNotFound`, `AmbiguousTask` when several wait and none is named, `NotApprover`
 */
export async function decide(
  context: OperationContext,
  name: string,
  which: Which,
  decision: Omit<ApprovalDecision, 'by'>,
): Promise<Task> {
  const id = await context.store.transact(name, (draft) => {
    let task = draft.require(which.task);
    const waiting = which.all === true ? pendingApprovals(task) : [];
    const requests = waiting.length > 0 ? waiting : [findApproval(task, which.request)];
    for (const request of requests) {
      task = draft.patch(task.id, decideApproval(task, request, { ...decision, by: context.actor }, draft.at));
      const words = decision.notes === undefined || decision.notes === '' ? '' : `: ${decision.notes}`;
      draft.log(task.id, {
        type: 'system',
        message: `${decision.approve ? 'Approved' : 'Rejected'} by ${context.actor}: ${request.title}${words}`,
      });
    }
    return task.id;
  });
  return taskById(context, id);
}
