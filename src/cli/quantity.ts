import { TaskError } from '../core/errors.ts';

const factors: Readonly<Record<string, number>> = { k: 1e3, m: 1e6 };
const minutesOf: Readonly<Record<string, number>> = { d: 1_440, h: 60, m: 1, min: 1, s: 1 / 60 };

/** The kind of a number, which decides the units that can follow it. */
export type Unit = 'minutes' | 'dollars' | 'count';

/**
 * The number in a word of the command line: `15_000`, `10k`, `1.5M`; for minutes also `90m`, `2h`, `1h30m`, `1d`; for US
 * dollars also `$5`. NaN if it is none.
 */
export function quantity(word: string, unit: Unit): number {
  const text = word.trim().replaceAll('_', '').toLowerCase();
  if (text === '') return Number.NaN;
  if (unit === 'minutes') return minutes(text);
  const digits = unit === 'dollars' ? text.replace(/^\$/, '') : text;
  const [, number = digits, factor = ''] = /^([+-]?[\d.]+)([km])$/.exec(digits) ?? [];
  return number === '' ? Number.NaN : Number(number) * (factors[factor] ?? 1);
}

/** @throws TaskError `InvalidInput` naming the flag */
export function wholeQuantity(name: string, word: string, unit: Unit, whole: boolean): number {
  // 1.1k is 1,100 and not 1,100.0000000000002.
  const number = Math.round(quantity(word, unit) * 1e6) / 1e6;
  if (whole ? Number.isSafeInteger(number) : Number.isFinite(number)) return number;
  const wanted = unit === 'minutes' ? 'minutes, or a time such as 90m or 2h' : whole ? 'a whole number' : 'a number';
  throw new TaskError('InvalidInput', `--${name} takes ${wanted}, not "${word}".`);
}

function minutes(text: string): number {
  const plain = Number(text);
  if (!Number.isNaN(plain)) return plain;
  if (!/^(\d+(\.\d+)?(d|h|min|m|s)\s*)+$/.test(text)) return Number.NaN;
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)(d|h|min|m|s)/g))
    sum += Number(number) * (minutesOf[unit] ?? 0);
  return sum;
}
