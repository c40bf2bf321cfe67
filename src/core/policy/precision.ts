import type { Usage } from '../task/schema.ts';
import type { BudgetKind } from './limit-names.ts';

/** Precision of a shown amount: all of it, or the part of it that is known for certain. */
export type Precision = 'exact' | 'at_least';

/** The precision of an amount of spend. Every face derives its words from it. */
export function precisionOf(kind: BudgetKind, usage: Usage | undefined): Precision {
  if (kind === 'minutes' || kind === 'iterations') return 'exact';
  return usage?.estimated === true ? 'at_least' : 'exact';
}

/** The precision of a sum. */
export function leastPrecise(parts: Iterable<Precision>): Precision {
  return new Set(parts).has('at_least') ? 'at_least' : 'exact';
}

/** An amount in English with its precision: `at least 1,200 tokens`. */
export function withPrecision(amount: string, precision: Precision): string {
  return precision === 'exact' ? amount : `at least ${amount}`;
}
