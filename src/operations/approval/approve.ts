import { z } from 'zod';
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
      .describe('Words for the record.'),
    forTask: z.boolean().optional().describe('Also approve the like of it for the rest of this task.'),
    remember: z
      .boolean()
      .optional()
      .describe('Also allow the like of it from now on, in every task of this folder: writes a rule into config.json.'),
    shown: z
      .string()
      .max(100)
      .optional()
      .meta({ value: 'digest' })
      .describe('Only if request and rule are still what "systemprompt task rule" showed with this.'),
  }),
  output: taskSchema,
  positional: ['task'],
  async run(context, { notes, forTask, remember, shown, ...which }) {
    const rules = remember === true ? await rememberedRules(context, which, shown) : undefined;
    const scope = forTask === true ? 'task' : 'once';
    const task = await decide(context, 'task.approve', which, { approve: true, notes, scope }, { rules, shown });
    await context.worker.ensure();
    return task;
  },
});
