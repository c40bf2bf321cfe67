import { z } from 'zod';
import { bottleneckKinds, findBottlenecks } from '../../core/metrics/bottlenecks.ts';
import { parseDateRange } from '../../core/metrics/date-range.ts';
import { finishedWithin, type Performance, performanceBy, performanceOf } from '../../core/metrics/performance.ts';
import { taskStats } from '../../core/metrics/stats.ts';
import { taskStatuses } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';

const RANGE = 'last_30_days';
const SHOWN = 20;

const performanceShape = {
  /** Finished ones. */
  tasks: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  /** Per cent. */
  success_rate: z.number().nullable(),
  avg_duration_minutes: z.number().nullable(),
  avg_waiting_minutes: z.number().nullable(),
  tokens_per_minute: z.number().nullable(),
  tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  executions: z.number().int(),
} satisfies Record<keyof Performance, z.ZodType>;

/** Outcomes of the finished tasks of a range of dates, and bottlenecks of all tasks. Unknown values are null. */
export const metrics = defineOperation('metrics', {
  input: z.strictObject({
    project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
    range: z
      .string()
      .max(50)
      .optional()
      .meta({ value: 'dates' })
      .describe(`Range of end dates: today, last_7_days, all or 2024-01-01..2024-01-31. Default: ${RANGE}.`),
    archived: z.boolean().optional().describe('Include archived tasks.'),
    limit: z.number().int().positive().max(100_000).optional().describe('Maximum number of bottlenecks. Default: 20.'),
  }),
  output: z.object({
    range: z.string(),
    /** Tasks that there are now, whenever they were made. */
    total: z.number().int(),
    by_status: z.record(z.enum(taskStatuses), z.number().int()),
    performance: z.object(performanceShape),
    by_agent: z.array(z.object({ agent: z.string(), ...performanceShape })),
    /** Days of the range on which tasks ended (UTC), the earliest first. */
    by_day: z.array(z.object({ day: z.string(), ...performanceShape })),
    /** The worst first. */
    bottlenecks: z.array(
      z.object({
        task_id: z.string(),
        number: z.number().int(),
        task_title: z.string(),
        kind: z.enum(bottleneckKinds),
        issue: z.string(),
        minutes: z.number(),
        holds_up: z.number().int(),
      }),
    ),
    bottlenecks_total: z.number().int(),
  }),
  positional: [],
  takesNothing: true,
  async run({ store }: WithStore, { project, range = RANGE, archived, limit = SHOWN }) {
    await store.refresh();
    const { view } = store;
    const now = Date.now();
    const dates = parseDateRange(range, now);
    const past = archived === true ? await store.archive.all() : [];
    const ofProject = past.filter((task) => project === undefined || task.project === project);
    // A project of which all is archived is no slip in its name.
    const present =
      project !== undefined && ofProject.length > 0 ? [...view.byProject(project)] : tasksOf(view, project);
    const finished = [...finishedWithin([...present, ...ofProject], dates)];
    const { total, byStatus } = taskStats(present, now);
    const found = findBottlenecks(present, view, now);
    return {
      range,
      total,
      by_status: byStatus,
      performance: performanceOf(finished, now),
      by_agent: performanceBy(finished, (task) => task.tool, now).map(({ key, performance }) => ({
        agent: key,
        ...performance,
      })),
      by_day: performanceBy(finished, (task) => task.completed_at?.slice(0, 10) ?? '', now)
        .map(({ key, performance }) => ({ day: key, ...performance }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
      bottlenecks: found.slice(0, limit),
      bottlenecks_total: found.length,
    };
  },
});
