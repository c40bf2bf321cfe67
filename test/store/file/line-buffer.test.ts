import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LineBuffer } from '../../../src/store/file/logs/line-buffer.ts';

describe('a line buffer', () => {
  it('returns the bytes of all lines since it was emptied', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 2_000 }).map((each) => each.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(text, text), { maxLength: 20 }), { maxLength: 5 }), (batches) => {
        const buffer = new LineBuffer();
        for (const batch of batches) {
          for (const [start, end] of batch) buffer.add(start, end);
          const expected = batch.map(([start, end]) => `${start}${end}\n`).join('');
          assert.equal(buffer.length, Buffer.byteLength(expected));
          const { bytes, lines } = buffer.take();
          assert.equal(bytes.toString(), expected);
          assert.equal(lines, batch.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the bytes that it returned', () => {
    const buffer = new LineBuffer();
    buffer.add('a', 'b');
    const { bytes: first } = buffer.take();
    buffer.add('c', 'd');
    assert.equal(first.toString(), 'ab\n');
  });

  it('encodes a surrogate that is alone as the replacement character, as a file does', () => {
    const buffer = new LineBuffer();
    buffer.add('', '\ud800');
    assert.equal(buffer.take().bytes.toString(), '\ufffd\n');
  });
});
