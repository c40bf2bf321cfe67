import { z } from 'zod';
import { textStep } from '../../core/next-step.ts';
import { limits } from '../../core/task/schema.ts';
import { followUp } from '../../core/task/session.ts';
import type { WithStandings, WithWorker } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { changeTasks } from './change-tasks.ts';
import { taskById, taskSchema } from './output.ts';
import { taskReference } from './references.ts';
import { requireBudget } from './require-budget.ts';

/** The worker that holds or resumes the session sends the prompt after the current turn. */
export const taskFollowUp = defineOperation('task.follow-up', {
  input: z.strictObject({
    task: taskReference,
    prompt: z.string().max(limits.textChars).meta({ text: true }).describe('Prompt for the agent.'),
  }),
  output: taskSchema,
  positional: ['task', 'prompt'],
  async run(context: WithStandings & WithWorker, input) {
    await context.readSettings();
    requireBudget(context, context.store.resolve(input.task), textStep('Then send the follow-up again.'));
    const { tasks } = await changeTasks(context, 'task.follow-up', [input.task], (task, at) =>
      followUp(task, input.prompt, at),
    );
    await context.worker.ensure();
    return taskById(context, tasks[0]?.id ?? input.task);
  },
});
