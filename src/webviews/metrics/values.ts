import { count, duration } from '../kit/format.ts';
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
