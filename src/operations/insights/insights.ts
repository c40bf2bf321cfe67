import { z } from 'zod';
import { insightKinds } from '../../core/insights/insight.ts';
import { insightsOf, ownTasks } from '../../core/insights/insights.ts';
import { nextStepsSchema } from '../../core/next-step-schema.ts';
import type { WithStore, WithTrust } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';
import { ruledRequests } from './ruled-requests.ts';

/** Suggestions from earlier tasks: rules, limits, agents, reasons for failures, and errors of the estimates. */
export const insights = defineOperation('insights', {
  input: z.strictObject({
    project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
  }),
  output: z.object({
    /** By kind, the best supported first. */
    insights: z.array(
      z.object({
        kind: z.enum(insightKinds),
        subject: z.string(),
        message: z.string(),
        evidence: z.object({
          cases: z.number().int(),
          supporting: z.number().int(),
          /** Median of the actual value divided by the limit or the estimate. */
          factor: z.number().optional(),
          /** Numbers of the latest supporting tasks, at most 10. */
          tasks: z.array(z.number().int()),
        }),
        /** The action. */
        next: nextStepsSchema.unwrap().element,
      }),
    ),
  }),
  positional: [],
  takesNothing: true,
  async run(context: WithStore & WithTrust, { project }) {
    await context.store.refresh();
    const tasks = ownTasks(tasksOf(context.store.view, project));
    const found = insightsOf(tasks, await ruledRequests(context, tasks));
    return {
      insights: found.map((one) => ({ ...one, evidence: { ...one.evidence, tasks: [...one.evidence.tasks] } })),
    };
  },
});
