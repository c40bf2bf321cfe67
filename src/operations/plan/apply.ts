import { z } from 'zod';
import { planEditsSchema } from '../../core/plan/edit.ts';
import { planSchema } from '../../core/plan/plan.ts';
import { readPlan } from '../../formats/plan.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveOne, taskReference } from '../task/references.ts';
import { appliedPlanSchema, applyFields } from './apply-fields.ts';
import { applyPlan } from './apply-plan.ts';

/** Creates every task of a plan in one transaction; a dry run is the preview. */
export const planApply = defineOperation('plan.apply', {
  input: z.strictObject({
    plan: z
      .union([z.string(), planSchema])
      .meta({ text: true })
      .describe('The plan: YAML or JSON with a list of items.'),
    splits: taskReference.optional().describe('Task that becomes a group with the items as its parts.'),
    edits: planEditsSchema.optional().meta({ program: true }).describe('Changes of items, and items to leave out.'),
    ...applyFields,
  }),
  output: appliedPlanSchema,
  positional: ['plan'],
  hasSteps: true,
  runsWith: (input) => input.start === true,
  async run(context: WithRuns, { plan, splits, ...options }, steps) {
    const whole = splits === undefined ? undefined : await resolveOne(context, splits);
    const value = typeof plan === 'string' ? readPlan(plan, 'The plan') : plan;
    return applyPlan(context, value, { ...options, splits: whole?.id }, steps);
  },
});
