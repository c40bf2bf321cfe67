import { z } from 'zod';
import { placedItems } from '../../core/plan/plan.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema, applyFields } from './apply-fields.ts';
import { applyPlan } from './apply-plan.ts';
import { specDraft } from './draft.ts';
import { refinedPlan } from './refine.ts';

/** Creates the tasks of a specification, refined by an agent if one is named. Applying the changed file again updates them. */
export const planFromSpec = defineOperation('plan.from-spec', {
  input: z.strictObject({
    file: z.string().trim().min(1).max(4_000).describe('Specification file: Markdown or plain text.'),
    ...applyFields,
    agent: applyFields.agent.describe('Agent that refines the plan, and does the tasks that name none.'),
  }),
  output: appliedPlanSchema.extend({
    /** The changes of the agent to the plan that the structure of the file gives. */
    refinement: z
      .object({
        agent: z.string(),
        /** Number of the task in which the agent answered. */
        task: z.number().int(),
        /** Tasks by the structure of the file alone. */
        structure: z.array(z.object({ key: z.string(), title: z.string(), depth: z.number().int() })).readonly(),
        differences: z
          .array(
            z.object({
              change: z.enum(['added', 'removed', 'changed']),
              key: z.string(),
              title: z.string(),
              before: z.string().optional(),
              fields: z.array(z.string()).readonly().optional(),
            }),
          )
          .readonly(),
      })
      .optional(),
  }),
  positional: ['file'],
  hasSteps: true,
  runsWith: (input) => input.start === true || asks(input.agent),
  async run(context: WithRuns, { file, ...options }, steps) {
    const { plan, notes, text } = await specDraft(context.store.folder, file);
    const { agent } = options;
    const refined = asks(agent) ? await refinedPlan(context, plan, { agent, text, name: file }, steps) : undefined;
    const output = await applyPlan(context, refined?.plan ?? plan, options, steps);
    const all = { ...output, notes: [...output.notes, ...notes] };
    if (refined === undefined || agent === undefined) return all;
    const { task, differences } = refined;
    const structure = placedItems(plan).map(({ item, depth }) => ({ key: item.key, title: item.title, depth }));
    return { ...all, refinement: { agent, task, structure, differences } };
  },
});

/** A shell runs scripts and cannot answer. */
function asks(agent: string | undefined): agent is string {
  return agent !== undefined && agent !== 'SHELL';
}
