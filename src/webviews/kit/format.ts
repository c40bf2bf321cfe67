/** Fills in the place `{0}` of a text. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

/** The texts of an age, with `{0}` for the number. */
export interface AgeWords {
  readonly now: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
}

/** `5 min ago`, as the rows of the Tasks view have it. Seconds read as "just now". */
export function ago(at: string, words: AgeWords, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (minutes < 1) return words.now;
  if (minutes < 60) return fill(words.minutes, minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? fill(words.hours, hours) : fill(words.days, Math.floor(hours / 24));
}

const spans: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** Milliseconds in at most two units, as the command line writes them: `450 ms`, `2.5 s`, `3m 20s`, `2d 4h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  const first = spans.findIndex(([, size]) => ms >= size);
  const [unit, size] = spans[first] ?? ['s', 1_000];
  const [lesser, lesserSize] = spans[first + 1] ?? ['s', 1_000];
  const rest = Math.floor((ms % size) / lesserSize);
  return `${Math.floor(ms / size)}${unit}${rest === 0 ? '' : ` ${rest}${lesser}`}`;
}

/** A whole number with separators, in the language of the page. */
export function count(value: number, lang: string): string {
  return Math.round(value).toLocaleString(lang);
}

/** US dollars: cents, and four digits below one dollar. */
export function money(value: number): string {
  return `$${value.toFixed(value < 1 ? 4 : 2)}`;
}

/** A number for an axis: `1.2K`, `3M`. */
export function compact(value: number, lang: string): string {
  return new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
