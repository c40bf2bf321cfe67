import { type PlacedItem, type Plan, placedItems, planLimits } from './plan.ts';

/** A fault that prevents a plan from being applied. */
export interface PlanProblem {
  readonly kind: 'duplicateKey' | 'tooMany' | 'tooDeep' | 'cycle' | 'unknownReference';
  /** The item that has it; undefined for a fault of the whole plan. */
  readonly key?: string | undefined;
  /** One sentence. */
  readonly message: string;
}

/**
 * Validates a plan as far as possible without a store.
 *
 * @param exists - returns whether a reference without a matching item key names an existing task
 */
export function planProblems(plan: Plan, exists: (reference: string) => boolean): PlanProblem[] {
  const placed = placedItems(plan);
  if (placed.length > planLimits.items) {
    return [
      { kind: 'tooMany', message: `The plan has ${placed.length} items; the limit is ${planLimits.items}. Split it.` },
    ];
  }
  const keys = new Set(placed.map(({ item }) => item.key));
  const unknown = placed.flatMap(({ item }) =>
    (item.dependsOn ?? [])
      .filter((reference) => !keys.has(reference) && !exists(reference))
      .map(
        (reference): PlanProblem => ({
          kind: 'unknownReference',
          key: item.key,
          message: `"${item.title}" depends on "${reference}": no item of the plan and no task has that name.`,
        }),
      ),
  );
  const { cycle } = creationOrder(placed);
  return [...duplicateKeys(placed), ...tooDeep(placed), ...unknown, ...(cycle === undefined ? [] : [named(cycle)])];
}

/**
 * The items in an order in which each follows its parent and its dependencies; `cycle` is a dependency cycle, the first
 * item repeated at the end, if there is one.
 */
export function creationOrder(placed: readonly PlacedItem[]): {
  readonly order: readonly PlacedItem[];
  readonly cycle?: readonly PlacedItem[];
} {
  const byKey = new Map(placed.map((each) => [each.item.key, each] as const));
  const before = ({ item, parent }: PlacedItem): PlacedItem[] =>
    [...(parent === undefined ? [] : [parent.key]), ...(item.dependsOn ?? [])].flatMap((key) => byKey.get(key) ?? []);
  const order: PlacedItem[] = [];
  const state = new Map<PlacedItem, 'open' | 'done'>();
  for (const start of placed) {
    // A walk without recursion: a chain may have as many items as the plan.
    const path: { readonly at: PlacedItem; readonly rest: PlacedItem[] }[] = [];
    const enter = (at: PlacedItem): void => {
      state.set(at, 'open');
      path.push({ at, rest: before(at).reverse() });
    };
    if (!state.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.at, 'done');
        order.push(top.at);
        path.pop();
      } else if (state.get(next) === 'open') {
        const from = path.findIndex(({ at }) => at === next);
        return { order: placed, cycle: [...path.slice(from).map(({ at }) => at), next] };
      } else if (!state.has(next)) enter(next);
    }
  }
  return { order };
}

function duplicateKeys(placed: readonly PlacedItem[]): PlanProblem[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { item } of placed) {
    if (seen.has(item.key)) twice.add(item.key);
    seen.add(item.key);
  }
  return [...twice].map((key) => ({ kind: 'duplicateKey', key, message: `Two items have the key "${key}".` }));
}

function tooDeep(placed: readonly PlacedItem[]): PlanProblem[] {
  const deep = placed.find(({ depth }) => depth >= planLimits.depth);
  if (deep === undefined) return [];
  const message = `"${deep.item.title}" is nested ${deep.depth + 1} levels deep; the limit is ${planLimits.depth}.`;
  return [{ kind: 'tooDeep', key: deep.item.key, message }];
}

function named(cycle: readonly PlacedItem[]): PlanProblem {
  const titles = cycle.map(({ item }) => `"${item.title}"`);
  const shown = titles.length <= 12 ? titles : [...titles.slice(0, 8), '…', ...titles.slice(-3)];
  return { kind: 'cycle', key: cycle[0]?.item.key, message: `Dependency cycle: ${shown.join(' → ')}.` };
}
