import { z } from 'zod';
import { type TaskRecord, type TaskStatus, taskStatusSchema } from './schema.ts';

const momentPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date (`2024-01-01`, midnight UTC) or an ISO 8601 time; one without an offset is UTC, and gets a Z when parsed. */
export const momentSchema = z
  .string()
  .refine(isMoment, { error: 'not a date: use 2024-01-31 or a full ISO time', abort: true })
  .overwrite(inUtc);

const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

export const taskFilterSchema = z.strictObject({
  status: oneOrMany(taskStatusSchema).optional(),
  tool: oneOrMany(z.string()).optional(),
  /** Matches the requested agent or model and the session of the run. */
  assignedTo: z.string().optional(),
  createdAfter: momentSchema.optional(),
  createdBefore: momentSchema.optional(),
  /**
   * Every word must occur in title, description, instructions, project or labels; case does not matter. A word such as
   * `source:TM-12` is the id of an imported task.
   */
  search: z.string().optional(),
  project: z.string().optional(),
  parentId: z.string().optional(),
  label: oneOrMany(z.string()).optional(),
  priority: oneOrMany(z.string()).optional(),
  /** Id in the tool or file that the task was imported from, or the name of that tool or file; case does not matter. */
  source: z.string().optional(),
});

export type TaskFilter = z.infer<typeof taskFilterSchema>;

/** Compiles a filter once into a predicate, so that a list of any length pays for parsing it once. */
export function compileFilter(filter: TaskFilter = {}): (task: TaskRecord) => boolean {
  const tests: ((task: TaskRecord) => boolean)[] = [];
  const among = (value: string | string[] | undefined, pick: (task: TaskRecord) => string | undefined): void => {
    if (value === undefined) return;
    const wanted = new Set<string | undefined>(Array.isArray(value) ? value : [value]);
    tests.push((task) => wanted.has(pick(task)));
  };
  among(filter.status, (task) => task.status);
  among(filter.tool, (task) => task.tool);
  among(filter.priority, (task) => task.priority);
  among(filter.project, (task) => task.project);
  among(filter.parentId, (task) => task.parent_id);
  if (filter.label !== undefined) {
    const wanted = new Set(Array.isArray(filter.label) ? filter.label : [filter.label]);
    tests.push((task) => task.labels.some((label) => wanted.has(label)));
  }
  if (filter.source !== undefined) tests.push(wordTest(`${SOURCE}${filter.source.toLowerCase()}`));
  const { assignedTo, createdAfter, createdBefore } = filter;
  if (assignedTo !== undefined) tests.push((task) => task.assignee === assignedTo || task.assigned_to === assignedTo);
  if (createdAfter !== undefined) {
    const from = Date.parse(inUtc(createdAfter));
    tests.push((task) => Date.parse(task.created_at) >= from);
  }
  if (createdBefore !== undefined) {
    const until = Date.parse(inUtc(createdBefore));
    tests.push((task) => Date.parse(task.created_at) < until);
  }
  for (const word of searchWords(filter.search ?? '')) tests.push(wordTest(word));
  const [only, ...others] = tests;
  if (only === undefined) return () => true;
  if (others.length === 0) return only;
  return (task) => tests.every((test) => test(task));
}

/** The statuses that a filter can match; undefined for any. A store can start from its status index. */
export function statusesOf(filter: TaskFilter = {}): TaskStatus[] | undefined {
  if (filter.status === undefined) return undefined;
  return Array.isArray(filter.status) ? filter.status : [filter.status];
}

function isMoment(value: string): boolean {
  const day = z.iso.date().safeParse(value.slice(0, 10)).success;
  return day && momentPattern.test(value) && !Number.isNaN(Date.parse(inUtc(value)));
}

/** JavaScript reads a time without an offset as local: stored values must not depend on the reader. */
function inUtc(value: string): string {
  return /T[\d:.]+$/.test(value) ? `${value}Z` : value;
}

const SOURCE = 'source:';

function wordTest(word: string): (task: TaskRecord) => boolean {
  if (word.startsWith(SOURCE)) return (task) => sourceTexts(task).some((text) => text.toLowerCase() === word);
  const has = textTest(word);
  return (task) =>
    has(task.title) ||
    has(task.description) ||
    (task.instructions !== undefined && has(task.instructions)) ||
    (task.project !== undefined && has(task.project)) ||
    task.labels.some(has) ||
    numberText(task) === word;
}

/** The words of a search, each of which must occur. */
export function searchWords(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The texts of a task that a search looks into. In lower case, one of them has each word that the search finds. */
export function searchedTexts({
  title,
  description,
  instructions = '',
  project = '',
  labels,
  number,
  metadata,
}: TaskRecord): string[] {
  return [title, description, instructions, project, ...labels, numberText({ number }), ...sourceTexts({ metadata })];
}

/** The origin of an imported task, as a search names it. Metadata is untrusted. */
function sourceTexts({ metadata }: Pick<TaskRecord, 'metadata'>): string[] {
  const { source } = metadata as { source?: unknown };
  if (typeof source !== 'object' || source === null) return [];
  const { id, file, tool } = source as Record<string, unknown>;
  return [id, file, tool].filter((text) => typeof text === 'string').map((text) => `${SOURCE}${text}`);
}

function numberText({ number }: Pick<TaskRecord, 'number'>): string {
  return `#${number}`;
}

/** Whether a text contains a word, as `text.toLowerCase().includes(word)`, but without copying every text. */
function textTest(word: string): (text: string) => boolean {
  if (!/^[\x21-\x7e]*$/.test(word)) return (text) => text.toLowerCase().includes(word);
  const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // The only letters outside ASCII whose lower case has one inside; that of İ continues with a dot, so that it ends a
  // word.
  const pattern = new RegExp(literal.replaceAll('k', '[k\u212a]').replace(/i$/, '[i\u0130]'), 'i');
  return (text) => pattern.test(text);
}
