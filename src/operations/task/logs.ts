import { z } from 'zod';
import { momentSchema } from '../../core/task/filter.ts';
import {
  logEntrySchema,
  logFilterWords,
  logLevelSchema,
  logLevels,
  logTypeSchema,
  matchesLogFilter,
  type TaskLogEntry,
} from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../../store/logs/range.ts';
import { lastMatching, nextMatching } from '../../store/logs/search.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveAnywhere, taskReference } from './references.ts';

const input = z.strictObject({
  task: taskReference,
  filter: z
    .enum(logFilterWords)
    .optional()
    .describe('Only entries of this type or level; tool_usage selects all tool entries.'),
  type: z.array(logTypeSchema).optional().meta({ commas: true }).describe('Only entries of these types.'),
  level: logLevelSchema.optional().describe('Only entries of this level or higher.'),
  since: momentSchema.optional().meta({ value: 'date' }).describe('Only entries logged at or after this date or time.'),
  tail: z.number().int().min(0).max(10_000).optional().describe('Number of latest entries to show. Default: 1,000.'),
  after: z.number().int().min(0).optional().describe('Position to read from: 0, or `next` of the previous page.'),
  limit: z
    .number()
    .int()
    .positive()
    .max(10_000)
    .optional()
    .describe('With after: maximum number of entries. Default: 1,000.'),
});

export type LogChoice = Pick<z.output<typeof input>, 'filter' | 'type' | 'level' | 'since'>;

const CHUNK = 1_000;

export const taskLogs = defineOperation('task.logs', {
  input,
  output: z.object({ entries: z.array(logEntrySchema), next: z.number().int().min(0), earlier: z.boolean() }),
  positional: ['task'],
  async run(context: WithStore, { task, tail, after, limit, ...choice }) {
    const { id } = await resolveAnywhere(context, task);
    const read = (range: LogRange): Promise<LogEntryPage> => context.store.getLogs(id, range);
    const matches = compileLogChoice(choice);
    const since = choice.since === undefined ? undefined : Date.parse(choice.since);
    return after === undefined
      ? lastMatching(read, matches, tail ?? CHUNK, since)
      : nextMatching(read, matches, after, limit ?? CHUNK);
  },
});

/** Compiles the filter into a test of one entry. */
export function compileLogChoice(choice: LogChoice): (entry: TaskLogEntry) => boolean {
  const types = choice.type === undefined ? undefined : new Set(choice.type);
  const level = choice.level === undefined ? 0 : logLevels.indexOf(choice.level);
  const since = choice.since === undefined ? undefined : Date.parse(choice.since);
  return (entry) =>
    matchesLogFilter(entry, choice.filter) &&
    (types === undefined || types.has(entry.type)) &&
    logLevels.indexOf(entry.level) >= level &&
    (since === undefined || Date.parse(entry.timestamp) >= since);
}
