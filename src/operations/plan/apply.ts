import { z } from 'zod';
import { planSchema } from '../../core/plan/plan.ts';
import { readPlan } from '../../formats/plan.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema, applyFields } from './apply-fields.ts';
import { applyPlan } from './apply-plan.ts';

/** Creates every task of a plan in one transaction; a dry run is the preview. */
export const planApply = defineOperation('plan.apply', {
  input: z.strictObject({
    plan: z
      .union([z.string(), planSchema])
      .meta({ text: true })
      .describe('The plan: YAML or JSON with a list of items.'),
    ...applyFields,
  }),
  output: appliedPlanSchema,
  positional: ['plan'],
  hasSteps: true,
  runsWith: (input) => input.start === true,
  run: (context: WithRuns, { plan, ...options }, steps) =>
    applyPlan(context, typeof plan === 'string' ? readPlan(plan, 'The plan') : plan, options, steps),
});
