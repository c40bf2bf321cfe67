/** The spread of values. */
export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

/** Undefined without values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  return {
    count: sorted.length,
    min,
    median: quantileOf(sorted, 0.5) ?? min,
    mean: sorted.reduce((sum, value) => sum + value / sorted.length, 0),
    max,
  };
}

/** The value that a share of the sorted values does not exceed, between two of them by their distance. Undefined of nothing. */
export function quantileOf(sorted: readonly number[], share: number): number | undefined {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (at - Math.floor(at));
}
