import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstOf } from '../../../src/core/first-of.ts';
import { groupOrder } from '../../../src/vscode/present/order.ts';
import { at, taskWith } from '../../core/fixtures.ts';

test('the first items of a partial sort are those of the sorted list', () => {
  const compare = (a: number, b: number): number => a - b;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 1, max: 10 }), (items, count) => {
      assert.deepEqual(firstOf(items, count, compare), [...items].sort(compare).slice(0, count));
    }),
  );
});

test('the next task is first among the pending ones, and the latest first among the completed ones', () => {
  const pending = [
    taskWith({ number: 1, priority: 'low' }),
    taskWith({ number: 2, priority: 'high' }),
    taskWith({ number: 3, priority: 'low', queued_at: at(0) }),
  ].sort(groupOrder('pending'));
  assert.deepEqual(
    pending.map(({ number }) => number),
    [3, 2, 1],
  );
  const completed = [
    taskWith({ number: 1, completed_at: at(1) }),
    taskWith({ number: 2, completed_at: at(3) }),
    taskWith({ number: 3, completed_at: at(2) }),
  ].sort(groupOrder('completed'));
  assert.deepEqual(
    completed.map(({ number }) => number),
    [2, 3, 1],
  );
});
