import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { batchesOf } from '../../src/store/batches.ts';

it('whole records are split into transactions of bounded size, in order', () => {
  const tasks = (count: number, chars: number): TaskRecord[] =>
    Array.from({ length: count }, (_, at) => ({ number: at, description: 'x'.repeat(chars) }) as TaskRecord);
  const sizes = (records: TaskRecord[]): number[] => batchesOf(records).map(({ length }) => length);
  assert.deepEqual(sizes([]), []);
  assert.deepEqual(sizes(tasks(450, 10)), [200, 200, 50]);
  assert.deepEqual(sizes(tasks(5, 1_500_000)), [2, 2, 1]);
  assert.deepEqual(sizes(tasks(3, 12_000_000)), [1, 1, 1]);
  const many = tasks(450, 10_000);
  assert.deepEqual(batchesOf(many).flat(), many);
});
