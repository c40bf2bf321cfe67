import { z } from 'zod';
import { compareTasks } from '../../core/metrics/comparison.ts';
import { metricNames, metricUnits } from '../../core/metrics/spend.ts';
import { compileFilter } from '../../core/task/filter.ts';
import { parseFilter } from '../../core/task/filter-text.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';

const SHOWN = 50;

export const comparisonSchema = z.object({
  metric: z.enum(metricNames),
  unit: z.string(),
  /** Most first; null where it is not known. */
  tasks: z.array(
    z.object({
      id: z.string(),
      number: z.number().int(),
      title: z.string(),
      status: z.string(),
      tool: z.string(),
      value: z.number().nullable(),
    }),
  ),
  total: z.number().int(),
  /** Of all known values; null without any. */
  spread: z
    .object({ count: z.number().int(), min: z.number(), median: z.number(), mean: z.number(), max: z.number() })
    .nullable(),
});

export const taskCompare = defineOperation('task.compare', {
  input: z.strictObject({
    filter: z
      .string()
      .max(2_000)
      .optional()
      .describe('Filter: label:backend, project, status, tool, priority, after:2024-01-01, or search words.'),
    metric: z.enum(metricNames).optional().describe('Metric to compare. Default: duration, the minutes of work.'),
    limit: z.number().int().positive().max(1_000).optional().describe('Maximum number of tasks. Default: 50.'),
    archived: z.boolean().optional().describe('Include archived tasks.'),
  }),
  output: comparisonSchema,
  positional: [],
  async run({ store }: WithStore, { filter = '', metric = 'duration', limit = SHOWN, archived }) {
    await store.refresh();
    const matches = compileFilter(parseFilter(filter));
    const tasks = [...store.view.all(), ...(archived === true ? await store.archive.all() : [])];
    const wanted = tasks.filter((task) => task.kind === 'work' && matches(task));
    const { rows, spread } = compareTasks(wanted, metric, Date.now());
    return {
      metric,
      unit: metricUnits[metric],
      tasks: rows.slice(0, limit).map(({ task: { id, number, title, status, tool }, value }) => ({
        id,
        number,
        title,
        status,
        tool,
        value: value ?? null,
      })),
      total: rows.length,
      spread: spread ?? null,
    };
  },
});
