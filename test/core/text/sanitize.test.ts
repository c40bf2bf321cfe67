import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sanitizeLine, sanitizeText } from '../../../src/core/text/sanitize.ts';

const ESC = '\u001b';
/** Text with a good share of what must not be shown. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ESC,
        '\u009b',
        `${ESC}[31m`,
        `${ESC}]0;title\u0007`,
        `${ESC}]8;;x${ESC}\\`,
        `${ESC}P`,
        '\r',
        '\n',
        '\r\n',
        '\u202e',
        '\ud83d',
        '\ude00',
        '[',
        '0',
        'm',
      ),
    ),
  )
  .map((parts) => parts.join(''));
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('sanitizing text', () => {
  it('removes every control character and escape sequence from any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(sanitizeText(text), control);
        assert.doesNotMatch(sanitizeLine(text), control);
        assert.doesNotMatch(sanitizeLine(text), /[\n\t]/);
      }),
    );
  });

  it('returns well-formed text that is not longer, and is idempotent', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = sanitizeText(text);
        assert.ok(clean.isWellFormed());
        assert.ok(clean.length <= text.length);
        assert.equal(sanitizeText(clean), clean);
        assert.equal(sanitizeLine(sanitizeLine(text)), sanitizeLine(text));
      }),
    );
  });

  it('leaves printable text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ09 äß漢字🦊👩‍👩‍👧\n\t[]{}|~') }), (text) => {
        assert.equal(sanitizeText(text), text);
      }),
    );
  });

  for (const [what, raw, clean] of [
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['cursor movement and erasing', `a${ESC}[2K${ESC}[1Gb`, 'ab'],
    ['a window title', `${ESC}]0;owned\u0007text`, 'text'],
    ['a hyperlink', `${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    ['the clipboard', `${ESC}]52;c;aGk=\u0007.`, '.'],
    ['the eight-bit forms', '\u009b31mred\u009d0;t\u009c.', 'red.'],
    ['a sequence without an end', `${ESC}]0;all the rest stays`, '0;all the rest stays'],
    ['a character set', `${ESC}(Bx${ESC}7y`, 'xy'],
    ['a turned direction', 'abc\u202etxt.exe\u202c', 'abctxt.exe'],
    ['line ends', 'a\r\nb\rc\n', 'a\nb\nc\n'],
  ] as const) {
    it(`removes ${what}`, () => assert.equal(sanitizeText(raw), clean));
  }

  it('joins several lines into one', () => assert.equal(sanitizeLine('a\tb\r\n\nc\u2028d'), 'a b c d'));

  it('takes linear time for adversarial input', () => {
    const nasty = [
      `${ESC}]`.repeat(200_000),
      `${ESC}[`.repeat(200_000),
      `${ESC}[0;`.repeat(100_000),
      `${ESC}${' '.repeat(400_000)}`,
    ];
    for (const text of nasty) assert.ok(sanitizeText(text).length <= text.length);
  });
});
