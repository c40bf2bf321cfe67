import type { TaskRecord } from '../../core/task/schema.ts';
import { compileSort } from '../../core/task/sort.ts';
import { parseViewFilter } from '../../core/task/view-filter.ts';

export const groupings = ['status', 'project', 'agent', 'label', 'none'] as const;
export type Grouping = (typeof groupings)[number];

export const sortings = ['default', 'priority', 'age', 'number'] as const;
export type Sorting = (typeof sortings)[number];

/** The arrangement of the Tasks view that a person chose. */
export interface Arrangement {
  readonly group: Grouping;
  readonly sort: Sorting;
  /** As `parseViewFilter` reads it; empty without a filter. */
  readonly filter: string;
}

export const initialArrangement: Arrangement = { group: 'status', sort: 'default', filter: '' };

/** Reads a saved arrangement. Unknown values, for example of a newer version, become the default. */
export function readArrangement(saved: unknown): Arrangement {
  const { group, sort, filter } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<string, unknown>;
  return {
    group: groupings.find((known) => known === group) ?? initialArrangement.group,
    sort: sortings.find((known) => known === sort) ?? initialArrangement.sort,
    filter: typeof filter === 'string' && isFilter(filter) ? filter : '',
  };
}

/** The comparison that a sorting stands for; undefined for the order of each group. */
export function comparisonOf(sort: Sorting): ((a: TaskRecord, b: TaskRecord) => number) | undefined {
  switch (sort) {
    case 'default':
      return undefined;
    case 'priority':
      return compileSort('-priority');
    case 'age':
      return compileSort('created_at');
    case 'number':
      return compileSort('number');
  }
}

function isFilter(text: string): boolean {
  try {
    parseViewFilter(text);
    return true;
  } catch {
    return false;
  }
}
