/**
 * Characters before the limit in which a cut looks for white space, so that words (and secrets, which have none) stay
 * whole.
 */
const SEARCH_CHARS = 1_024;

/**
 * The index at which to cut a text longer than `max` characters: after white space if there is some, never in a
 * character.
 */
export function cutPoint(text: string, max: number): number {
  const space = /\s\S*$/.exec(text.slice(Math.max(1, max - SEARCH_CHARS), max));
  if (space !== null) return Math.max(1, max - SEARCH_CHARS) + space.index + 1;
  const last = text.charCodeAt(max - 1);
  return last >= 0xd800 && last <= 0xdbff && max > 1 ? max - 1 : max;
}

/** The text in parts of at most `max` characters; joined they are the text. */
export function splitText(text: string, max: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const cut = cutPoint(rest, max);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  parts.push(rest);
  return parts;
}
