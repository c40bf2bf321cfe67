import { z } from 'zod';
import { budgetShares, describeShare, markOf } from '../../core/policy/budget.ts';
import { budgetKinds } from '../../core/policy/limit-names.ts';
import { activeDuration } from '../../core/task/lifecycle.ts';
import { usageSchema } from '../../core/task/schema.ts';
import type { WithSettings, WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskReference } from '../task/references.ts';
import { daySpend, daySpendSchema } from './day-spend.ts';

const limitSchema = z.object({
  kind: z.enum(budgetKinds),
  limit: z.number(),
  /** Null if the agent does not report it. */
  spent: z.number().nullable(),
  estimated: z.boolean(),
  /** The share that was reached, in per cent: 0, 50, 80 or 100. */
  mark: z.number(),
  /** The number of the task whose limit it is. */
  owner: z.number().int(),
  /** The phase whose limit it is; missing for the whole task. */
  phase: z.string().optional(),
  text: z.string(),
});

/** The usage of a task, in total and by execution, compared with its limits. */
export const taskUsage = defineOperation('task.usage', {
  input: z.strictObject({ task: taskReference }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    status: z.string(),
    /** A missing number is unknown. */
    usage: usageSchema,
    /** Milliseconds of work. */
    duration: z.number(),
    limits: z.array(limitSchema),
    /** The use of the folder's daily limits; null without one. */
    today: daySpendSchema.nullable(),
    executions: z.array(z.object({ id: z.string(), agent: z.string(), started_at: z.string(), usage: usageSchema })),
  }),
  positional: ['task'],
  async run(context: WithStore & WithSettings, input) {
    const { store } = context;
    await store.refresh();
    await context.readSettings();
    const task = store.resolve(input.task);
    const now = Date.now();
    return {
      id: task.id,
      number: task.number,
      title: task.title,
      status: task.status,
      usage: task.usage ?? {},
      duration: activeDuration(task, now),
      limits: budgetShares(task, store.view, now).map((share) => ({
        kind: share.kind,
        limit: share.limit,
        spent: share.spent ?? null,
        estimated: share.precision !== 'exact',
        mark: markOf(share),
        owner: share.owner.number,
        ...(share.phase === undefined ? {} : { phase: share.phase }),
        text: describeShare(share),
      })),
      today: daySpend(context, now),
      executions: task.executions.map(({ id, agent, started_at, usage }) => ({
        id,
        agent,
        started_at,
        usage: usage ?? {},
      })),
    };
  },
});
