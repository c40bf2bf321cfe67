import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';

const DAY_MS = 86_400_000;
const units = { hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;

/** From the first to before the second, in milliseconds since 1970. */
export interface DateRange {
  readonly from: number;
  readonly until: number;
}

/**
 * `last_30_days` (also hours, weeks, months of 30 days), `today` and `all`, or `2024-01-01..2024-02-01`, of which
 * either side may be omitted. Days begin at midnight UTC; the day after `..` is part of the range.
 *
 * @throws TaskError `InvalidInput` for other values
 */
export function parseDateRange(text: string, now: number): DateRange {
  const until = now + 1;
  if (text === 'all') return { from: Number.NEGATIVE_INFINITY, until };
  if (text === 'today') return { from: Math.floor(now / DAY_MS) * DAY_MS, until };
  const [, count = '', unit = ''] = /^last_([1-9]\d{0,4})_(hour|day|week|month)s?$/.exec(text) ?? [];
  if (count !== '') return { from: now - Number(count) * units[unit as keyof typeof units], until };
  const [, first = '', last = ''] = /^(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?$/.exec(text) ?? [];
  const range = {
    from: first === '' ? Number.NEGATIVE_INFINITY : Date.parse(first),
    until: last === '' ? until : Date.parse(last) + DAY_MS,
  };
  if (first + last !== '' && range.from < range.until) return range;
  throw new TaskError('InvalidInput', `"${text}" is not a date range.`, {
    next: [textStep('Use last_30_days, today, all, or 2024-01-01..2024-01-31.')],
  });
}

export function isWithin(moment: string | undefined, { from, until }: DateRange): boolean {
  if (moment === undefined) return false;
  const at = Date.parse(moment);
  return at >= from && at < until;
}
