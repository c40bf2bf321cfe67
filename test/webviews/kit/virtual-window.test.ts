import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { virtualWindow } from '../../../src/webviews/kit/virtual-window.ts';

test('only visible rows are drawn, up to a bound, and the height covers all rows', () => {
  const sizes = { count: fc.nat(200_000), scrollTop: fc.integer({ min: -50, max: 4_000_000 }), height: fc.nat(2_000) };
  fc.assert(
    fc.property(fc.record(sizes), ({ count, scrollTop, height }) => {
      const { first, end, before, after } = virtualWindow({ count, rowHeight: 18, scrollTop, height });
      assert.equal(before + (end - first) * 18 + after, count * 18);
      assert.ok(first >= 0 && first <= end && end <= count);
      assert.ok(end - first <= height / 18 + 42);
      const top = Math.floor(Math.max(0, scrollTop) / 18);
      if (top < count) assert.ok(first <= top && end >= Math.min(count, top + Math.floor(height / 18)));
    }),
  );
});
