import type { TaskRecord } from '../task/schema.ts';
import { hasRun, timesOf } from './times.ts';

const MINUTE_MS = 60_000;

/** Metrics that compare tasks. */
export const metricNames = [
  'duration',
  'elapsed',
  'waiting',
  'tokens',
  'tokens_per_minute',
  'cost',
  'iterations',
  'executions',
] as const;
export type MetricName = (typeof metricNames)[number];

export const metricUnits: Readonly<Record<MetricName, string>> = {
  duration: 'minutes',
  elapsed: 'minutes',
  waiting: 'minutes',
  tokens: 'tokens',
  tokens_per_minute: 'tokens a minute',
  cost: 'US dollars',
  iterations: 'turns',
  executions: 'runs',
};

/** The value of a task, in its unit; undefined if the agent does not report it or no work was done. */
export function measure(task: TaskRecord, metric: MetricName, now: number): number | undefined {
  switch (metric) {
    case 'duration':
      return hasRun(task) ? timesOf(task, now).work / MINUTE_MS : undefined;
    case 'elapsed':
      return timesOf(task, now).elapsed / MINUTE_MS;
    case 'waiting':
      return timesOf(task, now).asking / MINUTE_MS;
    case 'tokens':
      return task.usage?.total_tokens;
    case 'tokens_per_minute':
      return perMinute(task.usage?.total_tokens, timesOf(task, now).work);
    case 'cost':
      return task.usage?.cost_usd;
    case 'iterations':
      return task.usage?.iterations;
    case 'executions':
      return task.executions.length;
  }
}

/** Of no work at all there is no rate. */
export function perMinute(amount: number | undefined, ms: number): number | undefined {
  return amount === undefined || ms <= 0 ? undefined : amount / (ms / MINUTE_MS);
}
