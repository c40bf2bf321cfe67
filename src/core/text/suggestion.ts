import { closest } from './closest.ts';
import { sanitizeLine } from './sanitize.ts';

/** The name that equals the word apart from case, hyphens and underscores. */
export function sameWord<T extends string>(word: string, names: Iterable<T>): T | undefined {
  const wanted = folded(word);
  for (const name of names) if (folded(name) === wanted) return name;
  return undefined;
}

/** `Did you mean "high"?`, or undefined if no name is close. */
export function didYouMean(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.trim();
  // Every other word of one or two letters is close to it, and so is every short number.
  if (wanted.length < 3) return undefined;
  // A name of another length is never close; in many titles, this saves the comparison of letters.
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const similar = [...names].filter((name) => Math.abs(name.length - wanted.length) <= allowed);
  const meant = closest(
    wanted.toLowerCase(),
    similar.map((name) => name.toLowerCase()),
  );
  const name = similar.find((each) => each.toLowerCase() === meant);
  return name === undefined ? undefined : `Did you mean "${sanitizeLine(name)}"?`;
}

function folded(word: string): string {
  return word.trim().toLowerCase().replaceAll('-', '_');
}
