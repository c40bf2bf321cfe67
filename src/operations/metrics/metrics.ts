import { setImmediate as rest } from 'node:timers/promises';
import { z } from 'zod';
import { bottleneckKinds, findBottlenecks } from '../../core/metrics/bottlenecks.ts';
import { type DateRange, parseDateRange } from '../../core/metrics/date-range.ts';
import { GroupTally, isFinishedWithin, type Performance, PerformanceTally } from '../../core/metrics/performance.ts';
import { StatusHistory } from '../../core/metrics/status-history.ts';
import { timesOf } from '../../core/metrics/times.ts';
import { type TaskRecord, taskStatuses } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';

const RANGE = 'last_30_days';
const SHOWN = 20;
const DAY_MS = 86_400_000;
/** Tasks between two rests, in which the window handles its events. */
const PER_REST = 500;

const performanceShape = {
  /** Finished ones. */
  tasks: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  /** Per cent. */
  success_rate: z.number().nullable(),
  avg_duration_minutes: z.number().nullable(),
  /** Minutes of work that half, and nine of ten, of the completed tasks do not exceed. */
  median_duration_minutes: z.number().nullable(),
  p90_duration_minutes: z.number().nullable(),
  avg_waiting_minutes: z.number().nullable(),
  tokens_per_minute: z.number().nullable(),
  tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  /** True if the cost contains estimates from configured prices. */
  cost_estimated: z.boolean(),
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
    /** Current tasks, regardless of their creation time. */
    total: z.number().int(),
    by_status: z.record(z.enum(taskStatuses), z.number().int()),
    /** Numbers of the present tasks by status at the end of each day (UTC) of the range, at most 366 days. */
    status_by_day: z.array(z.object({ day: z.string(), by_status: z.record(z.enum(taskStatuses), z.number().int()) })),
    performance: z.object(performanceShape),
    /** Completed tasks per day of the range, from its first completed task on; null without one. */
    throughput_per_day: z.number().nullable(),
    by_agent: z.array(z.object({ agent: z.string(), ...performanceShape })),
    /** Null for tasks without a project. */
    by_project: z.array(z.object({ project: z.string().nullable(), ...performanceShape })),
    /** A task with several labels counts for each. */
    by_label: z.array(z.object({ label: z.string(), ...performanceShape })),
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
    const counts = await countTasks(present, ofProject, dates, now);
    const found = await findBottlenecks(present, view, now, rest);
    return { range, ...counts, bottlenecks: found.slice(0, limit), bottlenecks_total: found.length };
  },
});

/** Counts tasks in one pass with rests: 100,000 tasks in one go would block a window for seconds. */
async function countTasks(
  present: readonly TaskRecord[],
  archived: readonly TaskRecord[],
  dates: DateRange,
  now: number,
) {
  const byStatus = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<
    TaskRecord['status'],
    number
  >;
  const history = new StatusHistory(now);
  const all = new PerformanceTally();
  const [agents, projects, labels, days] = [new GroupTally(), new GroupTally(), new GroupTally(), new GroupTally()];
  let firstCompleted = now;
  const finish = (task: TaskRecord): void => {
    if (!isFinishedWithin(task, dates)) return;
    const times = timesOf(task, now);
    all.add(task, times);
    agents.add(task.tool, task, times);
    projects.add(task.project ?? '', task, times);
    for (const label of new Set(task.labels)) labels.add(label, task, times);
    days.add(task.completed_at?.slice(0, 10) ?? '', task, times);
    if (task.status === 'completed') firstCompleted = Math.min(firstCompleted, Date.parse(task.completed_at ?? ''));
  };
  for (const [at, task] of present.entries()) {
    if (at % PER_REST === 0) await rest();
    byStatus[task.status] += 1;
    history.add(task);
    finish(task);
  }
  for (const [at, task] of archived.entries()) {
    if (at % PER_REST === 0) await rest();
    finish(task);
  }
  const performance = all.result();
  const span = Math.max(1, (Math.min(dates.until, now) - Math.max(dates.from, firstCompleted)) / DAY_MS);
  const named = <K extends string>(name: K, tally: GroupTally) =>
    tally.results().map(({ key, performance: own }) => ({ [name]: key, ...own }) as Record<K, string> & Performance);
  return {
    total: present.length,
    by_status: byStatus,
    status_by_day: history.within(dates),
    performance,
    throughput_per_day: performance.completed === 0 ? null : performance.completed / span,
    by_agent: named('agent', agents),
    by_project: named('project', projects).map((each) => ({
      ...each,
      project: each.project === '' ? null : each.project,
    })),
    by_label: named('label', labels),
    by_day: named('day', days).sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}
