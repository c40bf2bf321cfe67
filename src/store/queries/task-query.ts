import { compileFilter, statusesOf, type TaskFilter } from '../../core/task/filter.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import { compileSort, type SortOrder } from '../../core/task/sort.ts';
import type { StoreView } from '../journal/view.ts';
import { FoundTasks } from './found-tasks.ts';
import type { QueryIndexes } from './query-indexes.ts';
import { cursorAfter, placeOfCursor } from './task-cursor.ts';

export interface TaskQuery {
  readonly filter?: TaskFilter | undefined;
  /** `priority,created_at`; a minus before a key turns it around. Default: by number. */
  readonly sort?: string | undefined;
  readonly order?: SortOrder | undefined;
  /** Tasks per page. Default: all. */
  readonly limit?: number | undefined;
  /** 1, 2, 3 … */
  readonly page?: number | undefined;
  /** The end of the previous page instead of a number, unaffected by creations and deletions in between. */
  readonly cursor?: string | undefined;
  /** Whether archived tasks are listed with the others. Default: false. */
  readonly includeArchived?: boolean | undefined;
}

export interface RecordPage {
  readonly records: TaskRecord[];
  readonly total: number;
  /** The number of the next page, or null after the last. */
  readonly next: number | null;
  /** For the next page, unless this is the last. */
  readonly cursor?: string;
}

/** Filters, sorts and cuts out a page of tasks that are not in a store. */
export function queryRecords(tasks: readonly TaskRecord[], query: TaskQuery): RecordPage {
  const matches = compileFilter(query.filter);
  return pageOf(foundBy(tasks.filter(matches), query), query);
}

/** All tasks of a query in its order. Starts from the index of a key in its filter, if one exists. */
export function selectTasks(view: StoreView, query: TaskQuery, indexes?: QueryIndexes): FoundTasks {
  const sorted = indexes?.sorted(query);
  if (sorted !== undefined) return new FoundTasks(sorted, compareOf(query), true);
  const matches = matcherOf(query);
  const found: TaskRecord[] = [];
  for (const task of candidates(view, query.filter, indexes)) if (matches(task)) found.push(task);
  return foundBy(found, query);
}

/** Whether a task is in the list that a query means. */
export function matcherOf({ filter, includeArchived }: TaskQuery): (task: TaskRecord) => boolean {
  const matches = compileFilter(filter);
  return (task) => (includeArchived === true || task.archived_at === undefined) && matches(task);
}

/** @throws TaskError `InvalidInput` for a cursor of another list */
export function pageOf(found: FoundTasks, query: TaskQuery): RecordPage {
  const { limit } = query;
  const { total } = found;
  if (limit === undefined && query.cursor === undefined) return { records: [...found.sorted()], total, next: null };
  const page = query.page ?? 1;
  const size = limit ?? total;
  const start = query.cursor === undefined ? (page - 1) * size : placeOfCursor(found.sorted(), query.cursor, query);
  const records = found.slice(start, start + size);
  const last = records.at(-1);
  if (last === undefined || start + size >= total) return { records, total, next: null };
  return { records, total, next: Math.floor(start / size) + 2, cursor: cursorAfter(last, query) };
}

function foundBy(tasks: readonly TaskRecord[], query: TaskQuery): FoundTasks {
  return new FoundTasks(tasks, compareOf(query));
}

function compareOf({ sort = 'number', order }: TaskQuery): (a: TaskRecord, b: TaskRecord) => number {
  return compileSort(sort, order);
}

function candidates(
  view: StoreView,
  filter: TaskFilter | undefined,
  indexes: QueryIndexes | undefined,
): Iterable<TaskRecord> {
  if (filter?.project !== undefined) return view.byProject(filter.project);
  const [label, other] = [filter?.label ?? []].flat();
  if (label !== undefined && other === undefined) return view.byLabel(label);
  const mentioning = indexes?.mentioning(filter?.search);
  if (mentioning !== undefined) return mentioning;
  const statuses = statusesOf(filter);
  return statuses === undefined ? view.all() : ofStatuses(view, statuses);
}

function* ofStatuses(view: StoreView, statuses: readonly TaskStatus[]): Iterable<TaskRecord> {
  for (const status of new Set(statuses)) yield* view.byStatus(status);
}
