import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFields } from '../../../src/cli/terminal/fields.ts';
import type { Output } from '../../../src/cli/terminal/output.ts';

function printed(names: string, value: unknown): unknown {
  const lines: unknown[] = [];
  withFields({ json: (each: unknown) => lines.push(each) } as unknown as Output, names).json(value);
  return lines.at(-1);
}

test('fields of one object, of a list, and of the items of an answer', () => {
  assert.deepEqual(printed('a, b', { a: 1, c: 2 }), { a: 1, b: null });
  assert.deepEqual(printed('a', [{ a: 1, b: 2 }]), [{ a: 1 }]);
  assert.deepEqual(printed('n', { tasks: [{ n: 1, m: 2 }], total: 7 }), { tasks: [{ n: 1 }], total: 7 });
});

test('unknown fields are null, of a task and of items', () => {
  assert.deepEqual(printed('foo', { id: 't', history: [{ to: 'x' }] }), { foo: null });
  assert.deepEqual(printed('foo', { tasks: [{ id: 't', labels: ['a'], logs: [{ message: 'm' }] }], total: 1 }), {
    tasks: [{ foo: null }],
    total: 1,
  });
  assert.throws(() => printed(' , ', {}), /names no field/);
});

test('a dot leads into an object, and never into its prototype', () => {
  assert.deepEqual(printed('usage.total', { usage: { total: 5 } }), { 'usage.total': 5 });
  assert.deepEqual(printed('usage.total', { tasks: [{}] }), { tasks: [{ 'usage.total': null }] });
  assert.deepEqual(printed('a.constructor.name', { a: { b: 1 } }), { 'a.constructor.name': null });
});
