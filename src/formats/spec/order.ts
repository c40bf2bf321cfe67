import { type DraftItem, everyDraft, leavesOf } from './draft.ts';

/** Above this number of dependencies between two sets, the first task of the second set waits for all others. */
const MAX_EDGES = 2_000;

/**
 * Adds the dependencies that the order of a file and the names in its text mean. A group never runs, so its tasks carry
 * them: the tasks that nothing in the group precedes wait for the tasks that nothing in the earlier group follows.
 *
 * @param named - the drafts that the text of a draft names; these replace the order of the file
 */
export function orderDrafts(
  top: readonly DraftItem[],
  order: DraftItem['order'],
  named: ReadonlyMap<DraftItem, readonly DraftItem[]>,
): void {
  const isLeaf = (item: DraftItem): boolean => item.children.length === 0;
  for (const [item, earlier] of named)
    if (isLeaf(item)) for (const each of earlier.filter(isLeaf)) item.after.add(each);
  // Parts first: the ends of a group follow from the order inside it.
  for (const item of everyDraft(top).reverse()) orderSiblings(item.children, item.order, named);
  orderSiblings(top, order, named);
  for (const [item, earlier] of named) waitFor(item, earlier);
}

function orderSiblings(
  items: readonly DraftItem[],
  order: DraftItem['order'],
  named: ReadonlyMap<DraftItem, readonly DraftItem[]>,
): void {
  if (order === 'none') return;
  let previous: DraftItem[] = [];
  let stage: DraftItem[] = [];
  for (const item of items) {
    const joins = order === 'stages' && item.parallel && stage.every((each) => each.parallel);
    if (!joins && stage.length > 0) {
      previous = stage;
      stage = [];
    }
    // Names in the text are more precise than the position, which must not contradict them.
    if (!named.has(item)) waitFor(item, previous);
    // Later tasks do not wait for an optional one.
    if (!item.optional) stage.push(item);
  }
}

function waitFor(item: DraftItem, earlier: readonly DraftItem[]): void {
  const lasts = earlier.flatMap(endsOf).slice(0, 1_000);
  const firsts = startsOf(item);
  const [gate, ...others] = firsts;
  if (gate === undefined) return;
  if (lasts.length * firsts.length <= MAX_EDGES) {
    for (const first of firsts) addAll(first, lasts);
  } else {
    addAll(gate, lasts);
    for (const first of others) first.after.add(gate);
  }
}

function addAll(item: DraftItem, earlier: readonly DraftItem[]): void {
  for (const each of earlier) if (each !== item) item.after.add(each);
}

function startsOf(item: DraftItem): DraftItem[] {
  if (item.children.length === 0) return [item];
  const leaves = leavesOf(item);
  const inside = new Set(leaves);
  const starts = leaves.filter((leaf) => ![...leaf.after].some((each) => inside.has(each)));
  return starts.length === 0 ? leaves.slice(0, 1) : starts;
}

function endsOf(item: DraftItem): DraftItem[] {
  if (item.children.length === 0) return [item];
  const leaves = leavesOf(item).filter(({ optional }) => !optional);
  const followed = new Set(leaves.flatMap((leaf) => [...leaf.after]));
  return leaves.filter((leaf) => !followed.has(leaf));
}
