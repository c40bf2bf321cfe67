import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type LinePart, LineSplitter } from '../../../src/agents/line-splitter.ts';

/** Splits bytes that come in chunks which end at the given places. */
function split(bytes: Buffer, ends: readonly number[], maxBytes?: number): LinePart[] {
  const splitter = new LineSplitter(maxBytes);
  const places = [...ends.map((end) => end % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  const parts = places.flatMap((end) => {
    const found = [...splitter.push(bytes.subarray(start, end))];
    start = end;
    return found;
  });
  return [...parts, ...splitter.flush()];
}

const joined = (parts: readonly LinePart[]): string =>
  parts.map((part) => part.text + (part.continued ? '' : '\n')).join('');
const someText = fc.string({ unit: fc.constantFrom('a', 'ß', '漢', '🦊', '\n', ' ') });

describe('LineSplitter', () => {
  it('returns the same lines wherever the chunks are split', () => {
    fc.assert(
      fc.property(someText, fc.array(fc.nat()), (text, ends) => {
        const lines = split(Buffer.from(text), ends).map((part) => part.text);
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        assert.deepEqual(lines, expected);
      }),
    );
  });

  it('splits long lines into parts that join to the line, without breaking a character', () => {
    fc.assert(
      fc.property(someText, fc.array(fc.nat()), fc.integer({ min: 4, max: 20 }), (text, ends, max) => {
        const parts = split(Buffer.from(text), ends, max);
        assert.equal(joined(parts), text === '' || text.endsWith('\n') ? text : `${text}\n`);
        for (const part of parts) {
          assert.ok(!part.text.includes('\ufffd'), part.text);
          assert.ok(Buffer.byteLength(part.text) <= max + 3);
        }
        assert.notEqual(parts.at(-1)?.continued, true);
      }),
    );
  });

  it('removes the carriage return of a line end and no other', () => {
    assert.deepEqual(
      split(Buffer.from('a\r\nb\rc\n\r\n'), [2]).map((part) => part.text),
      ['a', 'b\rc', ''],
    );
  });

  it('replaces invalid UTF-8', () => {
    assert.deepEqual(
      split(Buffer.from([0xff, 0x61, 0x0a, 0xf0, 0x9f]), [4]).map((part) => part.text),
      ['\ufffda', '\ufffd'],
    );
  });
});
