import { z } from 'zod';
import type { WithActor, WithStandings, WithTrust, WithWorker } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSchema } from '../task/output.ts';
import { decide, decisionFields } from './decide.ts';
import { rememberedRules } from './remember.ts';

export const taskApprove = defineOperation('task.approve', {
  input: z.strictObject({
    ...decisionFields,
    notes: z
      .string()
      .trim()
      .max(10_000)
      .optional()
      .meta({ aliases: ['reason'] })
      .describe('Note for the record.'),
    forTask: z.boolean().optional().describe('Also approve similar requests for the rest of this task.'),
    remember: z
      .boolean()
      .optional()
      .describe('Also allow similar requests in every task of this folder, by writing a rule to config.json.'),
    shown: z
      .string()
      .max(100)
      .optional()
      .meta({ value: 'digest' })
      .describe('Fail if the request or the rule has changed since the rule was shown with this digest.'),
  }),
  output: taskSchema,
  positional: ['task'],
  async run(
    context: WithStandings & WithActor & WithTrust & WithWorker,
    { notes, forTask, remember, shown, ...which },
  ) {
    const rules = remember === true ? await rememberedRules(context, which, shown) : undefined;
    const scope = forTask === true ? 'task' : 'once';
    const task = await decide(context, 'task.approve', which, { approve: true, notes, scope }, { rules, shown });
    await context.worker.ensure();
    return task;
  },
});
