import { sanitizeText } from './sanitize.ts';

/**
 * Controls but tab and line feed; formats (directions, joiners, tags), separators and fillers, which are drawn as
 * nothing; and what chooses the look of a character where there is none to choose for.
 */
const invisible =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\u034f|[\u115f\u1160\u3164\uffa0]|[\u17b4\u17b5]|[\u180b-\u180f]|(?<!\p{Emoji})[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Characters that do something when they are drawn, or are drawn as nothing, as what they are: the person must see what
 * they approve.
 */
export function visible(text: string): string {
  const shown = text.replace(invisible, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`;
  });
  return sanitizeText(shown);
}
