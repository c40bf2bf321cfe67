import * as z from 'zod/mini';

const text = z.string();
const count = z.number();
/** Null without a report of an agent, or without tasks. */
const known = z.nullable(z.number());

const performance = {
  tasks: count,
  completed: count,
  failed: count,
  cancelled: count,
  /** Per cent. */
  success_rate: known,
  avg_duration_minutes: known,
  median_duration_minutes: known,
  p90_duration_minutes: known,
  avg_waiting_minutes: known,
  tokens_per_minute: known,
  tokens: known,
  cost_usd: known,
  cost_estimated: z.boolean(),
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
  status_by_day: z.array(z.object({ day: text, by_status: z.record(z.string(), count) })),
  performance: z.object(performance),
  throughput_per_day: known,
  by_project: z.array(z.object({ project: z.nullable(text), ...performance })),
  by_label: z.array(z.object({ label: text, ...performance })),
  by_agent: z.array(z.object({ agent: text, ...performance })),
  by_day: z.array(z.object({ day: text, ...performance })),
  bottlenecks: z.array(
    z.object({ task_id: text, number: count, task_title: text, issue: text, minutes: count, holds_up: count }),
  ),
  bottlenecks_total: count,
});

/** The output of the operation `queue.status`, as far as the page shows it. */
const healthSchema = z.object({
  playing: z.boolean(),
  at_work: count,
  max_parallel: count,
  ready: count,
  waiting: count,
  /** Why no task runs, in a sentence; empty while one runs. */
  idle: text,
  /** The use of the daily limits, each with a share from 0 to 1, null if no agent has reported it. */
  limits: z.array(z.object({ text, share: known })),
  /** The workers of a shared store; empty for files. */
  workers: z.array(z.object({ id: text, name: text, agents: text, load: text, seen: text, silent: z.boolean() })),
});

/** The output of the operation `task.compare`. */
const comparisonSchema = z.object({
  tasks: z.array(z.object({ id: text, number: count, title: text, value: known })),
  total: count,
});

const loadedSchema = z.object({
  folders: z.array(z.object({ path: text, name: text })),
  projects: z.array(text),
  /** The applied filter: a missing folder or project is replaced. */
  filter: filterSchema,
  /** Null if no folder has tasks. */
  metrics: z.nullable(metricsSchema),
  health: z.nullable(healthSchema),
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
  median: text,
  p90: text,
  throughput: text,
  from: text,
  to: text,
  custom: text,
  exportPng: text,
  overTime: text,
  byProject: text,
  byLabel: text,
  noProject: text,
  label: text,
  workers: text,
  worker: text,
  agents: text,
  load: text,
  lastSign: text,
  limitsToday: text,
  noLimits: text,
  queue: text,
  running: text,
  ready: text,
  waitingTasks: text,
  playing: text,
  pausedQueue: text,
  compare: text,
  compareHint: text,
  metric: text,
  noneToCompare: text,
  task: text,
  value: text,
  metrics: z.array(z.object({ metric: text, name: text })),
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
  /** `about {0}, estimated`. */
  estimated: text,
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
    /** Saves a chart as a file that the person chooses. */
    exportPng: {
      input: z.strictObject({ name: text.check(z.maxLength(100)), base64: text.check(z.maxLength(20_000_000)) }),
      output: done,
    },
    /** Compares the tasks of a filter, in the syntax of `systemprompt task compare --filter`. */
    compare: {
      input: z.strictObject({
        folder: text.check(z.maxLength(10_000)),
        filter: text.check(z.maxLength(2_000)),
        metric: text.check(z.maxLength(50)),
      }),
      output: comparisonSchema,
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
export type Comparison = z.output<typeof comparisonSchema>;
export type Health = z.output<typeof healthSchema>;
export type Loaded = z.output<typeof loadedSchema>;
export type MetricsWords = z.output<typeof wordsSchema>;
