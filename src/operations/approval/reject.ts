import { z } from 'zod';
import { textStep } from '../../core/next-step.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { Task } from '../../core/task/schema.ts';
import { isFinishedResult, requestChanges } from '../../core/task/session.ts';
import type { WithActor, WithStandings, WithTrust, WithWorker } from '../context.ts';
import { defineOperation, requireTrust } from '../operation.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { requireBudget } from '../task/require-budget.ts';
import { decide, decisionFields } from './decide.ts';

type RejectContext = WithStandings & WithActor & WithTrust & WithWorker;

/** Rejects a pending request. Without one, it sends the finished result of a task back to its agent. */
export const taskReject = defineOperation('task.reject', {
  input: z.strictObject({
    ...decisionFields,
    reason: z
      .string()
      .trim()
      .max(10_000)
      .optional()
      .meta({ aliases: ['notes'] })
      .describe('Reason. The agent receives it if its protocol allows. Required to send a result back.'),
  }),
  output: taskSchema,
  positional: ['task'],
  run: (context: RejectContext, { reason, ...which }) => {
    const task = context.store.resolve(which.task);
    const named = which.request !== undefined || which.all === true;
    return !named && pendingApprovals(task).length === 0 && isFinishedResult(task)
      ? sendBack(context, task.id, reason ?? '')
      : decide(context, 'task.reject', which, { approve: false, notes: reason });
  },
});

async function sendBack(context: RejectContext, id: string, reason: string): Promise<Task> {
  requireTrust(context);
  await context.readSettings();
  requireBudget(context, context.store.resolve(id), textStep('Then request the changes again.'));
  await context.store.transact('task.reject', (draft) => {
    const task = draft.require(id);
    draft.patch(id, requestChanges(task, reason, draft.at));
    draft.log(id, { type: 'system', message: `${context.actor} requested changes: ${reason}` });
  });
  await context.worker.ensure();
  return taskById(context, id);
}
