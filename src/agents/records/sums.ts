import type { ModelCall } from './record.ts';

/** Sums of calls of a model. */
export interface Sums {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  readonly cost: number | undefined;
}

export const noSpend: Sums = { input: 0, output: 0, total: 0, cost: undefined };

/** @returns undefined without a record */
export function sumOf(calls: ReadonlyMap<string, ModelCall> | undefined): Sums | undefined {
  if (calls === undefined) return undefined;
  let sum = noSpend;
  for (const { input, output, total, cost } of calls.values()) sum = added(sum, { input, output, total, cost });
  return sum;
}

/** An unknown cost adds nothing to a known one. */
export function added(a: Sums, b: Sums): Sums {
  const cost = a.cost === undefined ? b.cost : a.cost + (b.cost ?? 0);
  return { input: a.input + b.input, output: a.output + b.output, total: a.total + b.total, cost };
}

/** The one with more tokens; the first of two equal ones. */
export function larger(a: Sums | undefined, b: Sums | undefined): Sums | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.total > a.total ? b : a;
}
