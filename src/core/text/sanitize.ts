/**
 * Makes text of agents and scripts safe to display in a tree, a terminal or an output channel. The log keeps the
 * original text; only displayed text passes through here.
 *
 * Removes terminal escape sequences (they can rewrite the screen, the title and the clipboard), other control
 * characters, and bidirectional marks (they can disguise a text).
 */

/** The longest text of an OSC, DCS or like sequence that is taken for one; a longer one loses only its introducer. */
const STRING_SEQUENCE_CHARS = 4096;

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this file is about */
const escapeSequences = new RegExp(
  [
    // CSI: colours, cursor, erase. The 8-bit form too.
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
    // OSC, DCS, SOS, PM, APC up to their terminator.
    `(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]{0,${STRING_SEQUENCE_CHARS}}(?:\\x07|\\x1b\\\\|\\x9c)`,
    // Any other: with intermediate bytes, or two bytes long; last, a lone ESC.
    '\\x1b[ -/]*[0-~]',
    '\\x1b',
  ].join('|'),
  'g',
);
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const suspicious = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/;
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: up to here */

/** Several lines: line feeds and tabs stay, a carriage return becomes a line feed. Never longer than the input. */
export function sanitizeText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(escapeSequences, '')
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** One line: line breaks and tabs become spaces. For labels, titles and table cells. */
export function sanitizeLine(text: string): string {
  return sanitizeText(text).replace(/[\t\n\u2028\u2029]+/g, ' ');
}
