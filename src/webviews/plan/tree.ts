/** An item in its place in the list: parents before their children. */
interface Placed {
  readonly key: string;
  readonly depth: number;
  /** Never runs: its parts do. */
  readonly group: boolean;
}

export type Checked = 'yes' | 'no' | 'partly';

/** Positions of the items below an item: the end is one past the last. */
function below(
  items: readonly { readonly depth: number }[],
  position: number,
): { readonly from: number; readonly end: number } {
  const depth = items[position]?.depth ?? 0;
  let end = position + 1;
  while (end < items.length && (items[end]?.depth ?? 0) > depth) end += 1;
  return { from: position + 1, end };
}

/** The keys to leave out after a person checks or clears an item with everything below it. */
export function withChecked(
  items: readonly Placed[],
  skip: ReadonlySet<string>,
  position: number,
  checked: boolean,
): Set<string> {
  const next = new Set(skip);
  const { end } = below(items, position);
  for (const { key } of items.slice(position, end)) {
    if (checked) next.delete(key);
    else next.add(key);
  }
  let depth = items[position]?.depth ?? 0;
  for (let at = position - 1; at >= 0 && depth > 0; at -= 1) {
    const item = items[at];
    if (item === undefined || item.depth >= depth) continue;
    depth = item.depth;
    // A task needs its parent, and a group without parts would never end.
    if (checked) next.delete(item.key);
    else if (item.group && partsOf(items, at).every(({ key }) => next.has(key))) next.add(item.key);
  }
  return next;
}

function partsOf(items: readonly Placed[], position: number): readonly Placed[] {
  const { from, end } = below(items, position);
  return items.slice(from, end);
}

/** A proposed change in its place in the list. */
interface PlacedChange {
  readonly key: string;
  readonly depth: number;
  readonly change: 'same' | 'added' | 'removed' | 'changed';
}

/** The keys of refused changes after a person accepts or refuses one. A group is removed only with everything below it. */
export function withAccepted(
  rows: readonly PlacedChange[],
  refused: ReadonlySet<string>,
  position: number,
  accepted: boolean,
): Set<string> {
  const next = new Set(refused);
  const row = rows[position];
  if (row === undefined) return next;
  if (accepted) next.delete(row.key);
  else next.add(row.key);
  if (row.change !== 'removed') return next;
  if (accepted) {
    const { from, end } = below(rows, position);
    for (const { key } of rows.slice(from, end)) next.delete(key);
    return next;
  }
  let { depth } = row;
  for (const each of rows.slice(0, position).reverse()) {
    if (each.depth >= depth) continue;
    depth = each.depth;
    if (each.change === 'removed') next.add(each.key);
  }
  return next;
}

/** For each item whether it is checked; a group is `partly` checked if something below it is not. */
export function checkedStates(items: readonly Placed[], skip: ReadonlySet<string>): Checked[] {
  const states: Checked[] = items.map(({ key }) => (skip.has(key) ? 'no' : 'yes'));
  const open: number[] = [];
  for (const [at, { depth }] of items.entries()) {
    while (open.length > 0 && (items[open.at(-1) ?? 0]?.depth ?? 0) >= depth) open.pop();
    if (states[at] === 'no') for (const group of open) if (states[group] === 'yes') states[group] = 'partly';
    open.push(at);
  }
  return states;
}

/** Positions of the items that are not inside a collapsed group. */
export function shownPositions(items: readonly Placed[], collapsed: ReadonlySet<string>): number[] {
  const shown: number[] = [];
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    if (item === undefined) break;
    shown.push(at);
    if (collapsed.has(item.key)) at = below(items, at).end - 1;
  }
  return shown;
}
