import { TaskError } from '../errors.ts';
import { type NextStep, suggestions, textStep } from '../next-step.ts';
import { type TaskFilter, taskFilterSchema } from './filter.ts';

/** Words before a colon, each with its key of the filter. */
const keys: Readonly<Record<string, keyof TaskFilter>> = {
  label: 'label',
  project: 'project',
  status: 'status',
  tool: 'tool',
  agent: 'tool',
  assignee: 'assignedTo',
  priority: 'priority',
  source: 'source',
  after: 'createdAfter',
  before: 'createdBefore',
};
/** Of these a task has one of several. */
const severals: ReadonlySet<string> = new Set<keyof TaskFilter>(['label', 'status', 'tool', 'priority']);
const part = /(?:(?<name>[a-z]+):)?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))/gi;

/**
 * Parses a filter that a person wrote: `label:backend status:failed,cancelled "log in"`. Words without a key are search
 * terms; a value with spaces is quoted. All conditions must match; of several values of one key, one must match.
 *
 * @throws TaskError `InvalidInput` with the reason
 */
export function parseFilter(text: string): TaskFilter {
  const filter: Record<string, string | string[]> = {};
  const words: string[] = [];
  for (const { groups = {} } of text.matchAll(part)) {
    const { name, quoted, plain = '' } = groups;
    const value = quoted ?? plain;
    if (name === undefined) {
      words.push(value);
      continue;
    }
    const key = keys[name.toLowerCase()];
    if (key === undefined) throw wrong(`"${name}" is not a filter`, suggestions(name, Object.keys(keys)));
    const before = filter[key];
    if (before !== undefined && !severals.has(key)) throw wrong(`"${name}" can be given once`);
    filter[key] = severals.has(key)
      ? [...(Array.isArray(before) ? before : []), ...(quoted === undefined ? plain.split(',') : [quoted])]
      : value;
  }
  if (words.length > 0) filter['search'] = words.join(' ');
  const parsed = taskFilterSchema.safeParse(filter);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`${issue?.path[0] === undefined ? '' : `${String(issue.path[0])}: `}${issue?.message ?? 'not a filter'}`);
}

function wrong(what: string, meant: readonly NextStep[] = []): TaskError {
  return new TaskError('InvalidInput', `The filter cannot be used: ${what}.`, {
    next: [
      ...meant,
      textStep(
        `Use ${Object.keys(keys).join(', ')} with a colon and a value, as in "label:backend status:failed", or words.`,
      ),
    ],
  });
}
