import { count, duration, fill, money } from '../kit/format.ts';
import type { MetricsWords } from './protocol.ts';
import { lang } from './state.ts';

const MINUTE_MS = 60_000;

export function percent(value: number | null, words: MetricsWords): string {
  return value === null ? words.unknown : `${Math.round(value)} %`;
}

/** A span in minutes. */
export function work(value: number | null, words: MetricsWords): string {
  return value === null ? words.unknown : duration(value * MINUTE_MS);
}

export function amount(value: number | null, words: MetricsWords): string {
  return value === null ? words.unknown : count(value, lang);
}

/** A cost; one from configured prices as an estimate. */
export function cost(
  {
    cost_usd: value,
    cost_estimated: isEstimate,
  }: { readonly cost_usd: number | null; readonly cost_estimated: boolean },
  words: MetricsWords,
): string {
  if (value === null) return words.unknown;
  return isEstimate ? fill(words.estimated, money(value)) : money(value);
}

/** A rate with one decimal place. */
export function perDay(value: number | null, words: MetricsWords): string {
  return value === null ? words.unknown : value.toLocaleString(lang, { maximumFractionDigits: 1 });
}
