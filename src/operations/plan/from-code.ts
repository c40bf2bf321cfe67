import { z } from 'zod';
import { anySuggestionKinds, suggestionKinds } from '../../core/analysis/suggestion.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema, applyFields } from './apply-fields.ts';
import { applyPlan } from './apply-plan.ts';
import { codeDraft } from './code-draft.ts';

const { project, parentTask, agent, dryRun } = applyFields;

/** Creates tasks that the state of the code suggests. Analysing again updates them. */
export const planFromCode = defineOperation('plan.from-code', {
  input: z.strictObject({
    path: z.string().trim().min(1).max(4_000).optional().describe('Folder to analyse. Default: the workspace.'),
    minScore: z.number().min(0).max(1).optional().describe('Least score of a suggestion, from 0 to 1. Default: 0.7.'),
    kinds: z
      .array(z.enum(suggestionKinds))
      .optional()
      .meta({ commas: true })
      .describe('Kinds of suggestions. Default: all but dependencies, which asks the registry of npm.'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Maximum number of suggestions, the best first. Default: 20.'),
    project,
    parentTask,
    agent,
    dryRun,
  }),
  output: appliedPlanSchema.extend({
    suggestions: z
      .array(
        z.object({
          kind: z.enum(anySuggestionKinds),
          key: z.string(),
          score: z.number(),
          title: z.string(),
          description: z.string(),
          files: z.array(z.string()).readonly(),
          lines: z.number(),
        }),
      )
      .readonly(),
  }),
  positional: ['path'],
  hasSteps: true,
  runsWith: ({ kinds }) => kinds?.includes('dependencies') === true,
  async run(context: WithRuns, { path, minScore, kinds, limit, ...options }, steps) {
    const { plan, suggestions, notes } = await codeDraft(context.store.folder, { path, minScore, kinds, limit }, steps);
    if (plan === undefined) return { applied: false, tasks: [], missing: [], problems: [], notes, suggestions };
    const output = await applyPlan(context, plan, options, steps);
    // A suggestion beyond the limit is not gone.
    return { ...output, missing: [], notes: [...output.notes, ...notes], suggestions };
  },
});
