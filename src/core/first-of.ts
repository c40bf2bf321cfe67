/**
 * The first `count` items in an order that is total, without sorting the rest: most items are compared once, with the
 * last of those that are first so far.
 */
export function firstOf<T>(items: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  // Where a large part is asked for, sorting is as good.
  if (count * 8 >= items.length) return [...items].sort(compare).slice(0, count);
  const first = items.slice(0, count).sort(compare);
  for (let i = count; i < items.length; i += 1) {
    const item = items[i] as T;
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
