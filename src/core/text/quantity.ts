const factors: Readonly<Record<string, number>> = { k: 1e3, m: 1e6 };
const minutesOf: Readonly<Record<string, number>> = { d: 1_440, h: 60, m: 1, min: 1, s: 1 / 60 };

/** The kind of a number, which decides the units that can follow it. */
export type Unit = 'minutes' | 'dollars' | 'count';

/**
 * The number that a person types: `15_000`, `10k`, `1.5M`; for minutes also `90m`, `2h`, `1h30m`, `1d`; for US
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

function minutes(text: string): number {
  const plain = Number(text);
  if (!Number.isNaN(plain)) return plain;
  if (!/^(\d+(\.\d+)?(d|h|min|m|s)\s*)+$/.test(text)) return Number.NaN;
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)(d|h|min|m|s)/g))
    sum += Number(number) * (minutesOf[unit] ?? 0);
  return sum;
}
