import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { countOf, MAX_PARTS, type SplitStrategy, splitIntoParts, splitPlan } from '../../core/plan/split.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema } from '../plan/apply-fields.ts';
import { applyPlan } from '../plan/apply-plan.ts';
import { taskFields } from '../task/fields.ts';
import { resolveOne, taskReference } from '../task/references.ts';
import { partsBy } from './planned-split.ts';

/** Turns a task into a group of parts. A dry run is the preview. */
export const taskSplit = defineOperation('task.split', {
  input: z.strictObject({
    task: taskReference,
    strategy: z
      .enum(['parallel', 'complexity_based'])
      .optional()
      .describe('Number of parts (parallel, the default), or parts below a complexity (complexity_based).'),
    numSubtasks: z.number().int().min(2).max(MAX_PARTS).optional().describe('Number of parts. Default: 3.'),
    maxSubtaskComplexity: z
      .number()
      .min(0.05)
      .max(1)
      .optional()
      .describe('Highest complexity of a part, from 0.05 to 1. Default: 0.5.'),
    agent: taskFields.tool.optional().describe('Agent of the parts. Default: the agent of the task.'),
    plannedBy: taskFields.tool
      .optional()
      .describe('Agent that proposes the parts. Default: the structure of the text decides.'),
    start: z.boolean().optional().describe('Start the parts immediately.'),
    dryRun: z.boolean().optional().describe('Show the parts; change nothing.'),
  }),
  output: appliedPlanSchema,
  positional: ['task'],
  hasSteps: true,
  runsWith: (input) => input.start === true || input.plannedBy !== undefined,
  async run(context: WithRuns, { task: reference, agent, plannedBy, start, dryRun, ...how }, options) {
    const task = await resolveOne(context, reference);
    const strategy = strategyOf(how);
    const plan =
      plannedBy === undefined
        ? splitPlan(task, strategy)
        : splitIntoParts(
            task,
            await partsBy(context, task, { agent: plannedBy, count: countOf(task, strategy) }, options),
          );
    const items = agent === undefined ? plan.items : plan.items.map(({ workflow: _, ...item }) => ({ ...item, agent }));
    return applyPlan(context, { ...plan, items }, { start, dryRun, splits: task.id }, options);
  },
});

function strategyOf({
  strategy,
  numSubtasks,
  maxSubtaskComplexity,
}: {
  strategy?: 'parallel' | 'complexity_based' | undefined;
  numSubtasks?: number | undefined;
  maxSubtaskComplexity?: number | undefined;
}): SplitStrategy {
  const byComplexity =
    strategy === 'complexity_based' || (strategy === undefined && maxSubtaskComplexity !== undefined);
  if ((byComplexity ? numSubtasks : maxSubtaskComplexity) !== undefined) {
    throw new TaskError('InvalidInput', 'A split has a number of parts or a complexity of its parts, not both.', {
      next: [textStep('Name one of numSubtasks and maxSubtaskComplexity.')],
    });
  }
  return byComplexity
    ? { strategy: 'complexity_based', maxSubtaskComplexity: maxSubtaskComplexity ?? 0.5 }
    : { strategy: 'parallel', numSubtasks: numSubtasks ?? 3 };
}
