import { z } from 'zod';
import { permissionRuleSchema } from '../../core/policy/rules.ts';
import { findApproval } from '../../core/task/decide.ts';
import type { WithStore, WithTrust } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveAnywhere } from '../task/references.ts';
import { decisionFields } from './decide.ts';
import { ruleForRequest } from './remember.ts';
import { requestDigest } from './request-digest.ts';

export const taskRule = defineOperation('task.rule', {
  input: z.strictObject({ task: decisionFields.task, request: decisionFields.request }),
  output: z.object({
    rule: permissionRuleSchema.optional(),
    /** The description of the rule that a person confirms. */
    text: z.string().optional(),
    /** A warning before the confirmation: the command cannot be undone or is unknown. */
    warning: z.string().optional(),
    /** Digest of the rule and the request: approving with it is refused after one of them changed. */
    shown: z.string().optional(),
    /** The reason if there is no rule. */
    reason: z.string().optional(),
  }),
  positional: ['task'],
  async run(context: WithStore & WithTrust, { task: reference, request }) {
    const task = await resolveAnywhere(context, reference);
    const approval = findApproval(task, request);
    const choice = await ruleForRequest(context, task, approval);
    if (choice.rule === undefined) return choice;
    return { ...choice, shown: requestDigest(task, approval, choice.rule) };
  },
});
