import { l10n } from './l10n.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration in its two largest units: `12 s`, `3 min`, `1 h 20 min`, `2 d 3 h`. */
export function durationText(ms: number): string {
  if (ms < minute) return l10n.t('{0} s', Math.max(0, Math.round(ms / 1000)));
  if (ms < hour) return l10n.t('{0} min', Math.floor(ms / minute));
  if (ms < day) {
    const minutes = Math.floor((ms % hour) / minute);
    return minutes === 0
      ? l10n.t('{0} h', Math.floor(ms / hour))
      : l10n.t('{0} h {1} min', Math.floor(ms / hour), minutes);
  }
  const hours = Math.floor((ms % day) / hour);
  return hours === 0 ? l10n.t('{0} d', Math.floor(ms / day)) : l10n.t('{0} d {1} h', Math.floor(ms / day), hours);
}

/** An age, coarse enough that a row need not change every second. */
export function ageText(at: string, now: number): string {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return '';
  if (ms < minute) return l10n.t('just now');
  if (ms < hour) return l10n.t('{0} min ago', Math.floor(ms / minute));
  if (ms < day) return l10n.t('{0} h ago', Math.floor(ms / hour));
  return l10n.t('{0} d ago', Math.floor(ms / day));
}

/** `2025-01-31 10:00:00.123` in the zone of the person, as the editor's own logs have it. */
export function clockText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${days} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** A moment to the second: milliseconds are for logs. */
export function momentText(at: string): string {
  return clockText(at).slice(0, 19);
}
