import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { safeJson } from '../../src/cli/terminal/output.ts';
import { coloured, plain, styleFor } from '../../src/cli/terminal/style.ts';
import { renderTable } from '../../src/cli/terminal/table.ts';
import { age, ago, clock, humanDuration, parseSince } from '../../src/cli/terminal/time.ts';
import { displayWidth, padEnd, padStart, truncate } from '../../src/cli/terminal/width.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('width in a terminal', () => {
  it('counts columns, not code units', () => {
    for (const [text, columns] of [
      ['abc', 3],
      ['é', 1],
      ['e\u0301', 1],
      ['部署', 4],
      ['🚀', 2],
      ['', 0],
    ] as const) {
      assert.equal(displayWidth(text), columns, text);
    }
  });

  it('has no column for marks and formats, and two for emoji, in every block', () => {
    for (let point = 0xa0; point < 0x20000; point += 1) {
      const character = String.fromCodePoint(point);
      if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) assert.equal(displayWidth(character), 0, point.toString(16));
      else if (/^\p{Emoji_Presentation}$/u.test(character))
        assert.equal(displayWidth(character), 2, point.toString(16));
      else assert.ok(displayWidth(character) > 0, point.toString(16));
    }
  });

  it('truncates to the available columns without splitting a character', () => {
    assert.equal(truncate('abcdef', 4), 'abc…');
    assert.equal(truncate('abcd', 4), 'abcd');
    assert.equal(truncate('部署部署', 4), '部…');
    assert.equal(truncate('abc', 0), '');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, columns) => {
        const cut = truncate(text, columns);
        return displayWidth(cut) <= Math.max(columns, 0) && cut.isWellFormed();
      }),
    );
  });

  it('pads on either side', () => {
    assert.equal(padEnd('部', 4), '部  ');
    assert.equal(padStart('7', 3), '  7');
    assert.equal(padEnd('long', 2), 'long');
  });
});

describe('tables', () => {
  it('align by visible width without colors, and have no trailing spaces', () => {
    const red = (text: string): string => coloured('red', text);
    const lines = renderTable(
      [{ title: 'N', align: 'right' }, { title: 'WORD' }, { title: 'REST' }],
      [
        [{ text: '1' }, { text: '部', paint: red }, { text: 'x' }],
        [{ text: '12' }, { text: 'long' }, { text: '' }],
      ],
      plain,
      80,
    );
    assert.deepEqual(lines, [' N  WORD  REST', ' 1  \u001b[31m部  \u001b[39m  x', '12  long']);
  });
});

describe('times', () => {
  it('have units', () => {
    assert.deepEqual(
      [0, 450, 2_540, 9_999, 42 * second, 200 * second, hour, hour + 5 * minute, 50 * hour].map(humanDuration),
      ['0 ms', '450 ms', '2.5 s', '9.9 s', '42 s', '3m 20s', '1h', '1h 5m', '2d 2h'],
    );
  });

  it('are displayed as ages', () => {
    const now = Date.UTC(2026, 0, 10);
    const before = (ms: number): string => new Date(now - ms).toISOString();
    assert.deepEqual(
      [0, 5 * second, 90 * second, 3 * hour, 9 * 24 * hour].map((ms) => age(before(ms), now)),
      ['now', '5s', '1m', '3h', '9d'],
    );
    assert.equal(ago(before(5 * second), now), '5s ago');
    assert.equal(ago(before(-hour), now), 'just now');
    assert.equal(age('never', now), '');
    assert.equal(clock('never', now), '--:--:--');
  });

  it('are parsed as durations and timestamps', () => {
    const now = Date.UTC(2026, 0, 10);
    assert.equal(parseSince('10m', now)?.getTime(), now - 10 * minute);
    assert.equal(parseSince('2 d', now)?.getTime(), now - 48 * hour);
    assert.equal(parseSince('2026-01-01', now)?.toISOString(), '2026-01-01T00:00:00.000Z');
    for (const text of ['soon', '10', '5 weeks', '2026-99-99', ''])
      assert.equal(parseSince(text, now), undefined, text);
  });
});

describe('colours', () => {
  it('are enabled for a terminal unless the user disables them', () => {
    assert.equal(styleFor({ isTTY: true }, {}), coloured);
    assert.equal(styleFor({ isTTY: true }, { NO_COLOR: '1' }), plain);
    assert.equal(styleFor({ isTTY: true }, { NO_COLOR: '' }), coloured);
    assert.equal(styleFor({ isTTY: true }, { TERM: 'dumb' }), plain);
    assert.equal(styleFor({}, {}), plain);
    assert.equal(styleFor({}, { FORCE_COLOR: '1' }), coloured);
  });
});

describe('JSON', () => {
  it('contains no control sequences and parses to the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = safeJson({ text });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is shown
        return !/[\u0000-\u001f\u007f-\u009f\u202e]/.test(json) && (JSON.parse(json) as { text: string }).text === text;
      }),
    );
    assert.equal(safeJson('\u009b31m\u202e'), '"\\u009b31m\\u202e"');
  });
});
