import type { TaskRecord } from '../core/task/schema.ts';

const MOST_TASKS = 200;
/** Far below the limit of a line of the journal, because one record alone may have 12 MB. */
const MOST_CHARS = 4_000_000;

/** Splits whole records into transactions, each of which is one line of the journal. */
export function batchesOf(tasks: readonly TaskRecord[]): TaskRecord[][] {
  const batches: TaskRecord[][] = [];
  let chars = 0;
  for (const task of tasks) {
    const size = JSON.stringify(task).length;
    const last = batches.at(-1);
    chars += size;
    if (last !== undefined && last.length < MOST_TASKS && chars <= MOST_CHARS) last.push(task);
    else {
      batches.push([task]);
      chars = size;
    }
  }
  return batches;
}
