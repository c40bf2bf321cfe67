import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema, applyFields } from '../plan/apply-fields.ts';
import { applyPlan } from '../plan/apply-plan.ts';
import { templateDraft } from '../plan/draft.ts';
import { templateName } from './template-output.ts';

/** Creates the tasks of a template, filled in with values for its fields. */
export const templateApply = defineOperation('template.apply', {
  input: z.strictObject({
    name: templateName,
    set: z
      .array(z.string())
      .max(100)
      .optional()
      .meta({ value: 'field=value' })
      .describe('Value of a field, for example feature_name=Search.'),
    ...applyFields,
  }),
  output: appliedPlanSchema,
  positional: ['name'],
  hasSteps: true,
  runsWith: (input) => input.start === true,
  async run(context: WithRuns, { name, set, ...options }, steps) {
    const { plan } = await templateDraft(context.store.folder, name, assignments(set ?? []));
    return applyPlan(context, plan, options, steps);
  },
});

/** @throws TaskError `InvalidInput` for a word without "=" */
function assignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new TaskError('InvalidInput', `"${word}" is no field=value pair.`);
    }),
  );
}
