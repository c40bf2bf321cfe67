/**
 * The first `count` items in an order that is total, without sorting the rest: most items are compared once, with the
 * last of those that are first so far.
 */
export function firstOf<T>(from: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  const items: readonly T[] = Array.isArray(from) ? from : [...from];
  // Where a large part is asked for, sorting is as good.
  if (count * 8 >= items.length) return [...items].sort(compare).slice(0, count);
  // In a list in reverse order, every item would precede the first items so far.
  const turned = compare(items[items.length - 1] as T, items[0] as T) < 0;
  const at = (index: number): T => items[turned ? items.length - 1 - index : index] as T;
  const first = (turned ? items.slice(items.length - count) : items.slice(0, count)).sort(compare);
  for (let i = count; i < items.length; i += 1) {
    const item = at(i);
    const last = first[count - 1];
    if (last === undefined || compare(item, last) >= 0) continue;
    first.pop();
    first.splice(placeOf(item, first, compare), 0, item);
  }
  return first;
}

function placeOf<T>(item: T, sorted: readonly T[], compare: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle] as T, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
