import { TaskError } from '../core/errors.ts';
import { quantity, type Unit } from '../core/text/quantity.ts';

/** @throws TaskError `InvalidInput` naming the flag or argument as typed */
export function wholeQuantity(typed: string, word: string, unit: Unit, whole: boolean): number {
  // 1.1k is 1,100 and not 1,100.0000000000002.
  const number = Math.round(quantity(word, unit) * 1e6) / 1e6;
  if (whole ? Number.isSafeInteger(number) : Number.isFinite(number)) return number;
  const wanted = {
    minutes: 'minutes, or a time such as 90m, 2h or 1h30m',
    dollars: 'US dollars, such as 2.50',
    count: whole ? 'a whole number, such as 15000 or 200k' : 'a number',
  }[unit];
  throw new TaskError('InvalidInput', `${typed} takes ${wanted}, not "${word}".`);
}
