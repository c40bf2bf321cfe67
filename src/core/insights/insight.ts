import { quantileOf } from '../metrics/spread.ts';
import type { NextStep } from '../next-step.ts';

export const insightKinds = ['approvals', 'limits', 'agents', 'failures', 'estimates'] as const;
export type InsightKind = (typeof insightKinds)[number];

/** The numbers that an insight rests on. */
export interface Evidence {
  /** Examined cases: requests, tasks or attempts. */
  readonly cases: number;
  /** Cases that support the insight. */
  readonly supporting: number;
  /** Median of the actual value divided by the limit or the estimate. */
  readonly factor?: number | undefined;
  /** Numbers of the latest tasks that support it, ascending, at most 10. */
  readonly tasks: readonly number[];
}

/** A lesson from earlier tasks with its evidence and one action. */
export interface Insight {
  readonly kind: InsightKind;
  /** Distinguishes the insights of one kind: a rule, an error code, `type docs` with an agent. */
  readonly subject: string;
  /** One sentence. */
  readonly message: string;
  readonly evidence: Evidence;
  readonly next: NextStep;
}

/** Fewer cases give no reliable rate. */
export const MIN_CASES = 5;
/** Fewer occurrences are no pattern. */
export const MIN_REPEATS = 3;

const TASKS = 10;

/** The latest task numbers, each once, ascending. */
export function latestTasks(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b).slice(-TASKS);
}

/** Undefined without values. */
export function medianOf(values: readonly number[]): number | undefined {
  return quantileOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Collects values by key, in the order of the first value of each key. */
export function grouped<T>(values: Iterable<T>, keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
