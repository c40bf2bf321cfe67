import type { Usage } from '../core/task/schema.ts';

/** The price of a model in US dollars per million tokens. Input that came from a cache counts as input. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Configured prices by model; `*` applies to every other model, and to a model that is not known. */
export type Prices = Readonly<Record<string, Price>>;

const MILLION = 1_000_000;

export function priceOf(prices: Prices | undefined, model: string | undefined): Price | undefined {
  if (prices === undefined) return undefined;
  return model !== undefined && Object.hasOwn(prices, model) ? prices[model] : prices['*'];
}

/** The price of the model that an agent chooses itself; undefined if it may be one of several. */
export function defaultPrice(prices: Prices = {}): Price | undefined {
  const [only, ...others] = Object.values(prices);
  return prices['*'] ?? (others.length === 0 ? only : undefined);
}

/** The usage with an estimate of its cost. Unchanged if the agent reports its cost, or tokens are not known. */
export function withEstimate(usage: Usage, price: Price | undefined): Usage {
  const { input_tokens: input, output_tokens: output, cost_usd: cost } = usage;
  if (price === undefined || cost !== undefined || (input === undefined && output === undefined)) return usage;
  const estimate = ((input ?? 0) * price.input + (output ?? 0) * price.output) / MILLION;
  return { ...usage, cost_usd: estimate, cost_estimated: true };
}
