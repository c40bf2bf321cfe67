import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { type Approval, pendingApprovals } from '../../core/task/approval.ts';
import { findApproval } from '../../core/task/decide.ts';
import { answerOfPairs } from '../../core/task/form-answer.ts';
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
    answer: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .meta({ text: true })
      .optional()
      .describe('Answer for the agent. Optional if fields are given.'),
    field: z
      .array(z.string().min(1).max(10_000))
      .max(100)
      .meta({ value: 'name=value' })
      .optional()
      .describe('Value of a field of the question.'),
    request: decisionFields.request,
  }),
  output: taskSchema,
  positional: ['task', 'answer'],
  async run(context: WithStandings & WithActor & WithWorker, { answer, field, ...which }) {
    const asking = context.store.resolve(which.task);
    const request = questionOf(asking, which.request);
    const notes = answerText(request, answer, field);
    await context.readSettings();
    requireBudget(context, asking, textStep('Then answer again. The question stays open.'));
    const task = await decide(
      context,
      'task.answer',
      { task: which.task, request: request.id },
      { approve: true, notes },
    );
    await context.worker.ensure();
    return task;
  },
});

function answerText({ detail }: Approval, answer: string | undefined, pairs: readonly string[] = []): string {
  if (pairs.length === 0) return answer ?? '';
  if (answer === undefined) return answerOfPairs(detail?.fields ?? [], pairs);
  throw new TaskError('InvalidInput', 'An answer is either words or values of fields.', {
    next: [textStep('Leave out one of them.')],
  });
}

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
