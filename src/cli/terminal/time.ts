const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds in words of at most two units: `450 ms`, `2.5 s`, `3m 20s`, `1h 5m`, `2d 4h`. */
export function humanDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  const first = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[first] ?? units[3];
  const [lesser, lesserSize] = units[first + 1] ?? units[3];
  const rest = Math.floor((ms % size) / lesserSize);
  return `${Math.floor(ms / size)}${unit}${rest === 0 ? '' : ` ${rest}${lesser}`}`;
}

/** An age in one unit for tables: `now`, `5s`, `12m`, `3h`, `9d`. Empty for an invalid time. */
export function age(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  if (ms < 1_000) return 'now';
  const [unit, size] = units.find(([, length]) => ms >= length) ?? units[3];
  return `${Math.floor(ms / size)}${unit}`;
}

/** A time as part of a sentence. */
export function ago(iso: string, now: number): string {
  const text = age(iso, now);
  return text === 'now' || text === '' ? 'just now' : `${text} ago`;
}

/** Local clock time, with the date when it is not of today. */
export function clock(iso: string, now: number): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '--:--:--';
  const today = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return time.toDateString() === today.toDateString() ? hours : `${date} ${hours}`;
}

/** A span or a moment as people type it: `30s`, `10m`, `2h`, `3d`, or an ISO date or time. Undefined for neither. */
export function parseSince(text: string, now: number): Date | undefined {
  const span = /^(\d{1,9})\s*([smhd])$/.exec(text.trim());
  if (span !== null) {
    const size = units.find(([unit]) => unit === span[2])?.[1] ?? 0;
    return new Date(now - Number(span[1]) * size);
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
