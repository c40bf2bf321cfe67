import { z } from 'zod';
import { momentSchema } from '../core/task/filter.ts';
import {
  logEntrySchema,
  logFilterWords,
  logLevelSchema,
  logLevels,
  logTypeSchema,
  matchesLogFilter,
  type TaskLogEntry,
} from '../core/task/log-entry.ts';
import type { TaskStore } from '../store/task-store.ts';
import { defineOperation } from './operation.ts';
import { resolveOne, taskReference } from './references.ts';

const input = z.strictObject({
  task: taskReference,
  filter: z.enum(logFilterWords).optional().describe('Only these lines; tool_usage are all that tell of a tool.'),
  type: z.array(logTypeSchema).optional().meta({ commas: true }).describe('Only lines of these types.'),
  level: logLevelSchema.optional().describe('Only lines of this level or a graver one.'),
  since: momentSchema.optional().meta({ value: 'date' }).describe('Only lines written at or after this date or time.'),
  tail: z.number().int().min(0).max(10_000).optional().describe('The last so many lines; 1,000 when not given.'),
  after: z.number().int().min(0).optional().describe('Read forwards from here: 0, or `next` of the page before.'),
  limit: z
    .number()
    .int()
    .positive()
    .max(10_000)
    .optional()
    .describe('With after: at most so many lines; 1,000 when not given.'),
});

export type LogChoice = Pick<z.output<typeof input>, 'filter' | 'type' | 'level' | 'since'>;

/** Entries in the order in which they were written; `next` is where to go on, also for lines that are yet to come. */
export interface LogPage {
  entries: TaskLogEntry[];
  next: number;
  /** There are earlier lines that were asked for and are not here. */
  earlier: boolean;
}

const CHUNK = 1_000;

export const taskLogs = defineOperation({
  name: 'task.logs',
  summary: 'Show the log of a task.',
  input,
  output: z.object({ entries: z.array(logEntrySchema), next: z.number().int().min(0), earlier: z.boolean() }),
  positional: ['task'],
  effect: 'read',
  async run(context, { task, tail, after, limit, ...choice }) {
    const { id } = await resolveOne(context, task);
    return after === undefined
      ? readBackwards(context.store, id, choice, tail ?? CHUNK)
      : readForwards(context.store, id, choice, after, limit ?? CHUNK);
  },
});

/** Compiles what is asked for into a test of one entry. */
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

/** From the end towards the beginning, a chunk at a time, until there are enough; the cost does not grow with the log. */
async function readBackwards(store: TaskStore, id: string, choice: LogChoice, tail: number): Promise<LogPage> {
  const matches = compileLogChoice(choice);
  const since = choice.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(choice.since);
  const last = await store.getLogs(id, { limit: CHUNK });
  let found: TaskLogEntry[] = [];
  for (let page = last; ; page = await store.getLogs(id, { before: page.start, limit: CHUNK })) {
    found = [...page.entries.filter(matches), ...found];
    const [oldest] = page.entries;
    const done = page.start === 0 || oldest === undefined || Date.parse(oldest.timestamp) < since;
    if (found.length > tail || done) break;
  }
  return { entries: tail === 0 ? [] : found.slice(-tail), next: last.next, earlier: found.length > tail };
}

async function readForwards(
  store: TaskStore,
  id: string,
  choice: LogChoice,
  after: number,
  limit: number,
): Promise<LogPage> {
  const matches = compileLogChoice(choice);
  const entries: TaskLogEntry[] = [];
  let next = after;
  for (;;) {
    const page = await store.getLogs(id, { after: next, limit: CHUNK });
    const room = limit - entries.length;
    const end = positionOf(page.entries, matches, room);
    if (end < page.entries.length) {
      // The page has more than there is room for: where it is cut can only be told by reading that much of it.
      const cut = await store.getLogs(id, { after: next, limit: end });
      return { entries: [...entries, ...cut.entries.filter(matches)], next: cut.next, earlier: false };
    }
    entries.push(...page.entries.filter(matches));
    const moved = page.next !== next;
    next = page.next;
    if (!moved || page.entries.length === 0 || entries.length >= limit) return { entries, next, earlier: false };
  }
}

/** How many entries of a page hold at most `room` that match. */
function positionOf(entries: readonly TaskLogEntry[], matches: (entry: TaskLogEntry) => boolean, room: number): number {
  let found = 0;
  for (const [index, entry] of entries.entries()) {
    if (!matches(entry)) continue;
    if (found === room) return index;
    found += 1;
  }
  return entries.length;
}
