import { z } from 'zod';
import { compileFilter, statusesOf, type TaskFilter } from '../core/task/filter.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { compileSort, type SortOrder } from '../core/task/sort.ts';
import type { StoreView } from './view.ts';

export interface TaskQuery {
  readonly filter?: TaskFilter | undefined;
  /** `priority,created_at`; a minus before a key turns it around. By number if nothing is said. */
  readonly sort?: string | undefined;
  readonly order?: SortOrder | undefined;
  /** Tasks on a page; all if nothing is said. */
  readonly limit?: number | undefined;
  /** 1, 2, 3 … */
  readonly page?: number | undefined;
  readonly includeArchived?: boolean | undefined;
}

export interface RecordPage {
  readonly records: TaskRecord[];
  readonly total: number;
  /** The number of the next page, or null after the last. */
  readonly next: number | null;
}

export const pageSchema = z.number().int().positive();

/** Filters, sorts and cuts out a page. Starts from the status index where the filter names statuses. */
export function queryTasks(view: StoreView, query: TaskQuery = {}): RecordPage {
  const matches = compileFilter(query.filter);
  const found: TaskRecord[] = [];
  for (const task of candidates(view, query.filter)) {
    if ((query.includeArchived === true || task.archived_at === undefined) && matches(task)) found.push(task);
  }
  found.sort(compileSort(query.sort ?? 'number', query.order));
  const { limit } = query;
  if (limit === undefined) return { records: found, total: found.length, next: null };
  const page = query.page ?? 1;
  const start = (page - 1) * limit;
  const records = found.slice(start, start + limit);
  return { records, total: found.length, next: start + limit < found.length ? page + 1 : null };
}

function* candidates(view: StoreView, filter: TaskFilter | undefined): Iterable<TaskRecord> {
  const statuses = statusesOf(filter);
  if (statuses === undefined) yield* view.all();
  else for (const status of new Set(statuses)) yield* view.byStatus(status);
}
