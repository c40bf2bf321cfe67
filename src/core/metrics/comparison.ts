import type { TaskRecord } from '../task/schema.ts';
import { type MetricName, measure } from './spend.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Tasks beside each other by one number. */
export interface Comparison {
  /** Most first; those of which it is not known come last, by number. */
  readonly rows: readonly { readonly task: TaskRecord; readonly value: number | undefined }[];
  /** Of the known values; undefined without any. */
  readonly spread: Spread | undefined;
}

export function compareTasks(tasks: Iterable<TaskRecord>, metric: MetricName, now: number): Comparison {
  const rows = [...tasks]
    .map((task) => ({ task, value: measure(task, metric, now) }))
    .sort(
      (a, b) =>
        (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY) || a.task.number - b.task.number,
    );
  return { rows, spread: spreadOf(rows.flatMap(({ value }) => value ?? [])) };
}
