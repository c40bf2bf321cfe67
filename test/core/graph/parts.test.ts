import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsDone } from '../../../src/core/graph/parts.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';

type Part = Pick<TaskRecord, 'id' | 'status'>;
const part = (id: string, status: TaskRecord['status'] = 'pending'): Part => ({ id: id as Part['id'], status });

test('leaves at any depth count, cancelled ones do not', () => {
  const below: Record<string, Part[]> = {
    top: [part('a', 'completed'), part('b'), part('c', 'cancelled')],
    b: [part('d', 'completed'), part('e', 'failed')],
  };
  assert.deepEqual(
    partsDone('top', (id) => below[id] ?? []),
    { done: 2, total: 3 },
  );
});

test('without parts there is no progress, and a cycle ends', () => {
  assert.equal(
    partsDone('a', () => []),
    undefined,
  );
  const cycle: Record<string, Part[]> = { a: [part('b')], b: [part('a')] };
  assert.equal(
    partsDone('a', (id) => cycle[id] ?? []),
    undefined,
  );
});
