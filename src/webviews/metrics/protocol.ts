import * as z from 'zod/mini';

const text = z.string();
const count = z.number();
/** Null if no agent reported it, or if there is nothing to measure. */
const known = z.nullable(z.number());

const performance = {
  tasks: count,
  completed: count,
  failed: count,
  cancelled: count,
  /** Per cent. */
  success_rate: known,
  avg_duration_minutes: known,
  avg_waiting_minutes: known,
  tokens_per_minute: known,
  tokens: known,
  cost_usd: known,
  executions: count,
};

export const filterSchema = z.strictObject({
  /** Path of a workspace folder; the first folder if it is empty. */
  folder: z.string().check(z.maxLength(10_000)),
  /** Name of a project, or empty for all tasks. */
  project: z.string().check(z.maxLength(1_000)),
  /** In the syntax of `systemprompt metrics --range`. */
  range: z.string().check(z.maxLength(50)),
  archived: z.boolean(),
});

/** The output of the operation `metrics`. */
const metricsSchema = z.object({
  total: count,
  by_status: z.record(z.string(), count),
  performance: z.object(performance),
  by_agent: z.array(z.object({ agent: text, ...performance })),
  by_day: z.array(z.object({ day: text, ...performance })),
  bottlenecks: z.array(
    z.object({ task_id: text, number: count, task_title: text, issue: text, minutes: count, holds_up: count }),
  ),
  bottlenecks_total: count,
});

const loadedSchema = z.object({
  folders: z.array(z.object({ path: text, name: text })),
  projects: z.array(text),
  /** The applied filter: a missing folder or project is replaced. */
  filter: filterSchema,
  /** Null if no folder has tasks. */
  metrics: z.nullable(metricsSchema),
});

const wordsSchema = z.object({
  folder: text,
  project: text,
  allProjects: text,
  range: text,
  today: text,
  last7: text,
  last30: text,
  allTime: text,
  archived: text,
  exportCsv: text,
  now: text,
  finished: text,
  success: text,
  work: text,
  waiting: text,
  tokens: text,
  cost: text,
  runs: text,
  perMinute: text,
  completed: text,
  failed: text,
  cancelled: text,
  byDay: text,
  byAgent: text,
  tokensByDay: text,
  costByDay: text,
  chartOf: text,
  day: text,
  agent: text,
  bottlenecks: text,
  noBottlenecks: text,
  moreBottlenecks: text,
  unknown: text,
  empty: text,
  nothingFinished: text,
  /** Names of task statuses. */
  statuses: z.record(z.string(), text),
});

const done = z.null();

/** Messages of the metrics page. */
export const metricsProtocol = {
  requests: {
    words: { input: z.strictObject({}), output: wordsSchema },
    load: { input: filterSchema, output: loadedSchema },
    openTask: {
      input: z.strictObject({ folder: text.check(z.maxLength(10_000)), task: text.check(z.maxLength(100)) }),
      output: done,
    },
    /** Saves a table as a file that the person chooses. */
    exportCsv: {
      input: z.strictObject({ name: text.check(z.maxLength(100)), csv: text.check(z.maxLength(5_000_000)) }),
      output: done,
    },
  },
  events: {
    /** Tasks have changed; the page loads again. */
    changed: z.object({}),
  },
};

export type MetricsProtocol = typeof metricsProtocol;
export type Filter = z.output<typeof filterSchema>;
export type Metrics = z.output<typeof metricsSchema>;
export type Loaded = z.output<typeof loadedSchema>;
export type MetricsWords = z.output<typeof wordsSchema>;
