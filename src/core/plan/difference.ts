import { type Plan, type PlanItem, placedItems } from './plan.ts';

const compared = ['title', 'kind', 'description', 'acceptance', 'dependsOn'] as const;

/** A field that a refinement can change. */
export type ComparedField = (typeof compared)[number];

/** An item in the common tree of two versions of a plan. */
export interface ComparedItem {
  readonly change: 'same' | 'added' | 'removed' | 'changed';
  /** The newer version; the older one of a removed item. */
  readonly item: PlanItem;
  /** The older version; missing for an added item. */
  readonly before: PlanItem | undefined;
  readonly depth: number;
  /** Changed fields. */
  readonly fields: readonly ComparedField[];
}

/**
 * The items of two versions of a plan as one tree, parents before their children. An item keeps its key and its parent. A
 * removed item follows the item that it followed.
 */
export function comparePlans(before: Plan, after: Plan): ComparedItem[] {
  const old = new Map(placedItems(before).map(({ item }) => [item.key, item] as const));
  const rows: ComparedItem[] = [];
  const walk = (olds: readonly PlanItem[], news: readonly PlanItem[], depth: number): void => {
    for (const item of merged(olds, news)) {
      const previous = old.get(item.key);
      const isRemoved = !news.includes(item);
      const fields =
        isRemoved || previous === undefined ? [] : compared.filter((name) => !same(previous[name], item[name]));
      const change = isRemoved ? 'removed' : previous === undefined ? 'added' : fields.length > 0 ? 'changed' : 'same';
      rows.push({ change, item, before: previous, depth, fields });
      walk(previous?.children ?? [], isRemoved ? [] : (item.children ?? []), depth + 1);
    }
  };
  walk(before.items, after.items, 0);
  return rows;
}

/** The newer siblings with the removed ones between them. */
function merged(olds: readonly PlanItem[], news: readonly PlanItem[]): PlanItem[] {
  const kept = new Set(news.map(({ key }) => key));
  const removedAfter = new Map<string | undefined, PlanItem[]>();
  let last: string | undefined;
  for (const item of olds) {
    if (kept.has(item.key)) last = item.key;
    else removedAfter.set(last, [...(removedAfter.get(last) ?? []), item]);
  }
  return [
    ...(removedAfter.get(undefined) ?? []),
    ...news.flatMap((item) => [item, ...(removedAfter.get(item.key) ?? [])]),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}
