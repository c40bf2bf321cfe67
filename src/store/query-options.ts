import { z } from 'zod';
import { parseInput } from '../core/task/create.ts';
import { taskFilterSchema } from '../core/task/filter.ts';
import { logFilterWords } from '../core/task/log-entry.ts';
import type { TaskQuery } from './queries/task-query.ts';

const position = z.number().int().nonnegative().optional();
const amount = z.number().int().positive().optional();

const taskQuerySchema = z.strictObject({
  filter: z.unknown().optional(),
  sort: z.string().optional(),
  order: z.enum(['asc', 'desc']).optional(),
  limit: amount,
  page: amount,
  cursor: z.string().optional(),
  includeArchived: z.boolean().optional(),
});

const logQuerySchema = z.strictObject({
  after: position,
  before: position,
  limit: amount,
  filter: z.enum(logFilterWords).optional(),
});

/** Options of `getLogs`. */
export type LogQuery = z.input<typeof logQuerySchema>;

/** @throws TaskError `InvalidInput` for an unknown key, with the closest known one, or a wrong value */
export function checkedTaskQuery(query: TaskQuery): TaskQuery {
  const { filter, ...rest } = parseInput(taskQuerySchema, query);
  return { ...rest, filter: filter === undefined ? undefined : parseInput(taskFilterSchema, filter) };
}

/** @throws TaskError `InvalidInput` for an unknown key, with the closest known one, or a wrong value */
export function checkedLogQuery(query: LogQuery): LogQuery {
  return parseInput(logQuerySchema, query);
}
