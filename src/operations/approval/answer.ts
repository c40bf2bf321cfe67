import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { type Approval, pendingApprovals } from '../../core/task/approval.ts';
import { findApproval } from '../../core/task/decide.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithActor, WithStandings, WithWorker } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSchema } from '../task/output.ts';
import { requireBudget } from '../task/require-budget.ts';
import { decide, decisionFields } from './decide.ts';

/** Sends the answer to the session that asked: the open one, or the same one after a resume. */
export const taskAnswer = defineOperation('task.answer', {
  input: z.strictObject({
    task: decisionFields.task,
    answer: z.string().trim().min(1).max(10_000).meta({ text: true }).describe('Answer for the agent.'),
    request: decisionFields.request,
  }),
  output: taskSchema,
  positional: ['task', 'answer'],
  async run(context: WithStandings & WithActor & WithWorker, { answer, ...which }) {
    const asking = context.store.resolve(which.task);
    const request = questionOf(asking, which.request);
    await context.readSettings();
    requireBudget(context, asking, textStep('Then answer again. The question stays open.'));
    const task = await decide(
      context,
      'task.answer',
      { task: which.task, request: request.id },
      { approve: true, notes: answer },
    );
    await context.worker.ensure();
    return task;
  },
});

/** The question to answer. Text never answers other requests of the task. */
function questionOf(task: TaskRecord, request: string | number | undefined): Approval {
  const questions = pendingApprovals(task).filter(({ kind }) => kind === 'feedback');
  const [only, second] = questions;
  if (request === undefined && only !== undefined && second === undefined) return only;
  const found = findApproval(task, request);
  if (found.kind === 'feedback') return found;
  throw new TaskError('InvalidInput', `Request ${found.number} of #${task.number} is no question: ${found.title}`, {
    next: [
      operationStep('Approve it', 'task.approve', { task: task.number }),
      operationStep('Or reject it', 'task.reject', { task: task.number }),
    ],
  });
}
