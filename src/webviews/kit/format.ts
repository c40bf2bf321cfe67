const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Fills in the place `{0}` of a text. */
export function fill(text: string, value: string | number): string {
  return text.replace('{0}', () => String(value));
}

/** `5 min. ago`, in the language `lang`. Seconds read as "now". */
export function ago(at: string, lang: string, now = Date.now()): string {
  const seconds = (now - Date.parse(at)) / 1_000;
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of units) if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  return format.format(0, 'second');
}
