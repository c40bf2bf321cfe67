import type { PlanItem } from '../../core/plan/plan.ts';

/** A task of a specification while its place, key and dependencies are being determined. */
export interface DraftItem {
  readonly line: number;
  /** First line as in the file, by which the line is found again. */
  readonly source: string;
  /** `T012`, `1.2`, `US-1`, `Phase 2`. */
  id: string | undefined;
  title: string;
  readonly body: string[];
  readonly acceptance: string[];
  readonly labels: string[];
  readonly metadata: Record<string, unknown>;
  priority: PlanItem['priority'];
  constraints: PlanItem['constraints'];
  /** State of the checkbox; undefined without one. */
  checked: boolean | undefined;
  parallel: boolean;
  optional: boolean;
  /** Names of other tasks as written. */
  readonly names: string[];
  /** Drafts that must be completed first. */
  readonly after: Set<DraftItem>;
  readonly children: DraftItem[];
  /** Order of the children. */
  order: Order;
}

/**
 * `chain`: each follows the one before. `stages`: as a chain, in which neighbours marked as parallel run together.
 * `phases`: each phase waits for all tasks of the previous one.
 */
export type Order = 'none' | 'chain' | 'stages' | 'phases';

/** A remark about a line that was understood in part. It does not prevent the plan from being applied. */
export interface SpecNote {
  readonly line?: number | undefined;
  /** One sentence. */
  readonly message: string;
}

export function draftOf(fields: Pick<DraftItem, 'line' | 'source' | 'title'> & Partial<DraftItem>): DraftItem {
  return {
    id: undefined,
    body: [],
    acceptance: [],
    labels: [],
    metadata: {},
    priority: undefined,
    constraints: undefined,
    checked: undefined,
    parallel: false,
    optional: false,
    names: [],
    after: new Set(),
    children: [],
    order: 'none',
    ...fields,
  };
}

/** All drafts, parents before their parts. */
export function everyDraft(items: readonly DraftItem[]): DraftItem[] {
  const all: DraftItem[] = [];
  const stack = [...items].reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    all.push(next);
    for (let index = next.children.length - 1; index >= 0; index--) stack.push(next.children[index] as DraftItem);
  }
  return all;
}

/** The tasks that run: a draft without parts, or those below it. */
export function leavesOf(item: DraftItem): DraftItem[] {
  return everyDraft([item]).filter(({ children }) => children.length === 0);
}
