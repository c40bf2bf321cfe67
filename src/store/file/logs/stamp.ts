import type { Stamped } from '../../logs/causal-order.ts';

const SEEN = Buffer.from('{"seen":');
const CHANGE = Buffer.from('{"change":');
const ZERO = 48;
const COMMA = 44;
/** The place of the time in a line that the store wrote: right behind the stamp. */
const TIME = /^"timestamp":"([0-9TZ:.-]{20,30})"/;

/** The start of a line in place of its first brace: readers find the stamp without parsing the entry. Empty without one. */
export function stampOf(seen: number | undefined, change: boolean): string {
  if (seen === undefined) return '';
  return `${change ? '{"change":' : '{"seen":'}${seen},`;
}

/** The stamp of a line, and the start of the rest of its object. */
export function readStamp(line: Buffer): { stamp: Stamped; rest: number } {
  const key = line[2] === SEEN[2] ? SEEN : CHANGE;
  if (line.length < 20 || key.compare(line, 0, key.length) !== 0) return { stamp: undefined, rest: 0 };
  let seen = 0;
  let at = key.length;
  for (; line[at] !== COMMA; at += 1) {
    const digit = (line[at] ?? 0) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return { stamp: undefined, rest: 0 };
    seen = seen * 10 + digit;
  }
  const rest = at + 1;
  const timestamp = TIME.exec(line.toString('latin1', rest, rest + 50))?.[1];
  if (timestamp === undefined || !Number.isSafeInteger(seen)) return { stamp: undefined, rest: 0 };
  return { stamp: { seen, change: key === CHANGE, timestamp }, rest };
}
