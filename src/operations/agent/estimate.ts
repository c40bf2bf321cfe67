import { z } from 'zod';
import { complexityOf } from '../../core/assess/complexity.ts';
import { estimateOf } from '../../core/assess/estimate.ts';
import { outcomesOf } from '../../core/assess/outcomes.ts';
import { taskTypeOf, taskTypes } from '../../core/assess/task-type.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { assessedTask, assessInput } from './assessed-task.ts';

const rangeSchema = z.object({ low: z.number(), expected: z.number(), high: z.number() });

/** The expected spend of a task with a range: 10 % of similar tasks were below `low`, 10 % above `high`. */
export const taskEstimate = defineOperation('task.estimate', {
  input: assessInput,
  output: z.object({
    agent: z.string(),
    type: z.enum(taskTypes),
    complexity: z.number(),
    tokens: rangeSchema.optional(),
    /** US dollars. */
    cost: rangeSchema.optional(),
    minutes: rangeSchema.optional(),
    /** Number of similar finished tasks; 0 for an estimate from complexity alone. */
    basis: z.number().int(),
  }),
  positional: ['task'],
  async run(context: WithStore, given) {
    const task = await assessedTask(context, given);
    const { type } = taskTypeOf(task);
    const { score } = complexityOf(task);
    const estimate = estimateOf({ agent: task.tool, type, complexity: score }, outcomesOf(context.store.view.all()));
    return { agent: task.tool, type, complexity: score, ...estimate };
  },
});
