import { z } from 'zod';
import { permissionRuleSchema } from '../core/policy/rules.ts';
import { findApproval } from '../core/task/decide.ts';
import { decisionFields } from './decide.ts';
import { defineOperation } from './operation.ts';
import { resolveAnywhere } from './references.ts';
import { ruleForRequest } from './remember.ts';

export const taskRule = defineOperation({
  name: 'task.rule',
  summary: 'Show the rule that approving with --remember would write.',
  input: z.strictObject({ task: decisionFields.task, request: decisionFields.request }),
  output: z.object({
    rule: permissionRuleSchema.optional(),
    /** The rule as a sentence that a person agrees with. */
    text: z.string().optional(),
    /** Why there is none. */
    reason: z.string().optional(),
  }),
  positional: ['task'],
  effect: 'read',
  async run(context, { task: reference, request }) {
    const task = await resolveAnywhere(context, reference);
    return ruleForRequest(context, task, findApproval(task, request));
  },
});
