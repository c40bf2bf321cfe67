import type { Usage } from '../task/schema.ts';
import type { BudgetKind } from './limit-names.ts';

/** Precision of a shown amount: all of it, the part of it that is known for certain, or an estimate from prices. */
export type Precision = 'exact' | 'at_least' | 'estimate';

/** The precision of an amount of spend. Every face derives its words from it. */
export function precisionOf(kind: BudgetKind, usage: Usage | undefined): Precision {
  if (kind === 'minutes' || kind === 'iterations') return 'exact';
  if (kind === 'cost' && usage?.cost_estimated === true) return 'estimate';
  return usage?.estimated === true ? 'at_least' : 'exact';
}

/** The precision of a sum. */
export function leastPrecise(parts: Iterable<Precision>): Precision {
  const found = new Set(parts);
  if (found.has('estimate')) return 'estimate';
  return found.has('at_least') ? 'at_least' : 'exact';
}

/** An amount in English with its precision: `at least 1,200 tokens`, `about $0.12, estimated`. */
export function withPrecision(amount: string, precision: Precision): string {
  if (precision === 'estimate') return `about ${amount}, estimated`;
  return precision === 'exact' ? amount : `at least ${amount}`;
}
