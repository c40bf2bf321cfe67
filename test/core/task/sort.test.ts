import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { priorities, type TaskRecord } from '../../../src/core/task/schema.ts';
import { compileSort, type SortOrder, sortKeys } from '../../../src/core/task/sort.ts';
import { anyTasks } from '../arbitraries.ts';
import { at, refusal, taskWith } from '../fixtures.ts';

const orders = fc.constantFrom<SortOrder>('asc', 'desc');
const anySort = fc
  .array(fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...sortKeys)), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([sign, key]) => sign + key).join(','));

function numbers(tasks: readonly TaskRecord[], sort: string, order?: SortOrder): number[] {
  return [...tasks].sort(compileSort(sort, order)).map((task) => task.number);
}

test('any order is total: all permutations sort to the same list', () => {
  const shuffled = anyTasks.chain((tasks) =>
    fc.tuple(fc.constant(tasks), fc.shuffledSubarray(tasks, { minLength: tasks.length })),
  );
  fc.assert(
    fc.property(shuffled, anySort, orders, ([tasks, other], sort, order) => {
      assert.deepEqual(numbers(other, sort, order), numbers(tasks, sort, order));
    }),
  );
});

test('comparison is antisymmetric and transitive, and only the same task is equal', () => {
  fc.assert(
    fc.property(anyTasks, anySort, orders, (tasks, sort, order) => {
      const compare = compileSort(sort, order);
      const [a, b, c] = tasks;
      if (a === undefined || b === undefined || c === undefined) return;
      assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)));
      assert.notEqual(compare(a, b), 0);
      assert.equal(compare(a, a), 0);
      if (compare(a, b) < 0 && compare(b, c) < 0) assert.ok(compare(a, c) < 0);
    }),
  );
});

test('"priority,created_at" descending sorts by urgency, then newest first (F156, F161, F162)', () => {
  fc.assert(
    fc.property(anyTasks, (tasks) => {
      const sorted = [...tasks].sort(compileSort('priority,created_at', 'desc'));
      for (const [index, next] of sorted.slice(1).entries()) {
        const before = sorted[index];
        assert.ok(before);
        const ranks = [before, next].map((task) => priorities.indexOf(task.priority));
        assert.ok((ranks[0] ?? 0) <= (ranks[1] ?? 0), 'critical, high, medium, low');
        if (ranks[0] === ranks[1]) assert.ok(before.created_at >= next.created_at, 'newest first');
      }
    }),
  );
});

test('a minus reverses a key, and the direction applies to keys without one', () => {
  const tasks = [
    taskWith({ number: 1, priority: 'low', title: 'a', created_at: at(3) }),
    taskWith({ number: 2, priority: 'critical', title: 'b', created_at: at(2) }),
    taskWith({ number: 3, priority: 'low', title: 'b', created_at: at(1) }),
  ];
  assert.deepEqual(numbers(tasks, 'priority'), [1, 3, 2]);
  assert.deepEqual(numbers(tasks, '-priority'), [2, 1, 3]);
  assert.deepEqual(numbers(tasks, '-priority,title', 'asc'), [2, 1, 3]);
  assert.deepEqual(numbers(tasks, '-priority,title', 'desc'), [2, 3, 1]);
  assert.deepEqual(numbers(tasks, 'created_at'), [3, 2, 1]);
  assert.deepEqual(numbers(tasks, 'number', 'desc'), [3, 2, 1]);
});

test('spaces around the keys do not matter', () => {
  const tasks = [taskWith({ number: 1, title: 'b' }), taskWith({ number: 2, title: 'a' })];
  assert.deepEqual(numbers(tasks, ' status , title '), [2, 1]);
});

test('an unknown key is refused with a list of the valid keys', () => {
  const error = refusal(() => compileSort('priority,size'), 'InvalidInput');
  assert.match(error.message, /"size"/);
  for (const key of sortKeys) assert.match(JSON.stringify(error.next), new RegExp(key));
  refusal(() => compileSort('constructor'), 'InvalidInput');
});
