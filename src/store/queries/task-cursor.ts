import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { compileSort, type SortOrder, sortKeys } from '../../core/task/sort.ts';

interface Order {
  readonly sort?: string | undefined;
  readonly order?: SortOrder | undefined;
}

/** The order of a list, and its keys for the last task of a page. The task itself may be deleted by then. */
const cursorSchema = z.object({
  sort: z.string(),
  order: z.string(),
  last: z.object({
    number: z.number(),
    priority: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    status: z.string(),
    title: z.string(),
  }),
});

/** A text for the position after a task in an order. Opaque to all other code. */
export function cursorAfter(task: TaskRecord, by: Order): string {
  const last = Object.fromEntries(sortKeys.map((key) => [key, task[key]]));
  return Buffer.from(JSON.stringify({ ...namesOf(by), last })).toString('base64url');
}

/**
 * The position at which a sorted list continues after a cursor.
 *
 * @throws TaskError `InvalidInput` for an invalid cursor, or one of another order
 */
export function placeOfCursor(sorted: readonly TaskRecord[], cursor: string, by: Order): number {
  const { sort, order, last } = parse(cursor);
  const wanted = namesOf(by);
  if (sort !== wanted.sort || order !== wanted.order) {
    throw new TaskError('InvalidInput', 'The cursor is of a list in another order.', {
      next: [textStep('Sort as for the page that gave the cursor, or start again without one.')],
    });
  }
  const compare = compileSort(wanted.sort, by.order);
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >>> 1;
    const task = sorted[middle];
    // The order depends on its keys only.
    if (task !== undefined && compare(task, last as TaskRecord) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function namesOf({ sort = 'number', order = 'asc' }: Order): { sort: string; order: string } {
  return { sort, order };
}

function parse(cursor: string): z.output<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new TaskError('InvalidInput', 'That is not a cursor.', {
      next: [textStep('Take it as the page before gave it, or start again without one.')],
      cause: error,
    });
  }
}
