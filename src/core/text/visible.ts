import { sanitizeText } from './sanitize.ts';

/**
 * Control characters except tab and line feed; format characters (directions, joiners, tags), separators and fillers,
 * which are invisible; and variation selectors that follow no emoji.
 */
const invisible =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\u034f|[\u115f\u1160\u3164\uffa0]|[\u17b4\u17b5]|[\u180b-\u180f]|(?<!\p{Emoji})[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Replaces invisible characters, and characters with an effect on the display, by their code, for example `\u{001b}`.
 */
export function visible(text: string): string {
  return sanitizeText(text.replace(invisible, code));
}

/** As {@link visible}, on one line: a line break in a command separates two commands, so that it has a code as well. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n]/g, code);
}

/** True when {@link visible} would show a character as its code. */
export function hasInvisible(text: string): boolean {
  return text.search(invisible) >= 0;
}

/** A patch of git. The carriage return at the end of an unchanged line of a Windows file is not shown. */
export function visiblePatch(patch: string): string {
  return patch
    .split('\n')
    .map((line) => visible(line.startsWith(' ') ? line.replace(/\r$/, '') : line))
    .join('\n');
}

/** One side of a file. Where all lines end as on Windows, the line ends are not shown. */
export function visibleFile(text: string): string {
  return visible(/(?<!\r)\n/.test(text) ? text : text.replaceAll('\r\n', '\n'));
}

function code(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`;
}
