import { TaskError } from '../errors.ts';
import { suggestions, textStep } from '../next-step.ts';
import { sameWord } from '../text/suggestion.ts';
import { priorities, type TaskRecord, taskStatuses } from './schema.ts';

export const sortKeys = ['number', 'priority', 'created_at', 'updated_at', 'status', 'title'] as const;
export type SortKey = (typeof sortKeys)[number];
export type SortOrder = 'asc' | 'desc';
type Compare = (a: TaskRecord, b: TaskRecord) => number;

// Ascending priority is low to critical, so that `desc` puts the most urgent first, as in the specification.
const priorityRank = new Map<string, number>(priorities.map((name, index) => [name, -index]));
const statusRank = new Map<string, number>(taskStatuses.map((name, index) => [name, index]));

const compareBy: Record<SortKey, Compare> = {
  number: (a, b) => a.number - b.number,
  priority: (a, b) => (priorityRank.get(a.priority) ?? 0) - (priorityRank.get(b.priority) ?? 0),
  created_at: (a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0),
  updated_at: (a, b) => (a.updated_at < b.updated_at ? -1 : a.updated_at > b.updated_at ? 1 : 0),
  status: (a, b) => (statusRank.get(a.status) ?? 0) - (statusRank.get(b.status) ?? 0),
  title: (a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0),
};

/**
 * Compiles `priority,created_at` or `-priority,title` into a comparison. A minus turns a key around, `order` is for
 * keys without one. Ties fall to the number, so that an order is always total.
 *
 * @throws TaskError `InvalidInput` for a key that is not known
 */
export function compileSort(sort: string, order: SortOrder = 'asc'): Compare {
  const parts = sort
    .split(',')
    .filter(Boolean)
    .map((part) => compileKey(part.trim(), order));
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return (a, b) => only(a, b) || a.number - b.number;
  return (a, b) => {
    for (const compare of parts) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return a.number - b.number;
  };
}

function compileKey(part: string, order: SortOrder): Compare {
  const turned = part.startsWith('-');
  const word = turned ? part.slice(1) : part;
  const key = sameWord(word, sortKeys);
  if (key === undefined) {
    throw new TaskError('InvalidInput', `Cannot sort by "${word}".`, {
      next: [...suggestions(word, sortKeys), textStep(`Sort by ${sortKeys.join(', ')}.`)],
    });
  }
  const compare = compareBy[key];
  return turned || order === 'desc' ? (a, b) => -compare(a, b) : compare;
}
