import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spreadOf } from '../../../src/core/metrics/spread.ts';

test('values lie between minimum and maximum, half of them on each side of the median', () => {
  assert.equal(spreadOf([]), undefined);
  assert.deepEqual(spreadOf([4, 1, 2, 5]), { count: 4, min: 1, median: 3, mean: 3, max: 5 });
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
  fc.assert(
    fc.property(values, (list) => {
      const { count, min, median, mean, max } = spreadOf(list) ?? assert.fail('of something there is a spread');
      assert.equal(count, list.length);
      assert.ok(min <= median && median <= max);
      assert.ok(min - 1e-3 <= mean && mean <= max + 1e-3);
      assert.ok(list.filter((value) => value < median).length <= list.length / 2);
      assert.ok(list.filter((value) => value > median).length <= list.length / 2);
    }),
  );
});
