import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTaskId, newPartId, newTaskId } from '../../../src/core/task/id.ts';

test('ids of all stored forms are valid (F8)', () => {
  for (const id of [newTaskId(), 'task_123', '2a6f0c3e-1111-4222-8333-444455556666', 'a', 'x'.repeat(64)]) {
    assert.equal(isTaskId(id), true, id);
  }
});

test('every id is a plain file name', () => {
  for (const id of [
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    'a.json',
    '-x',
    '_x',
    'a b',
    'a\n',
    'ä',
    'x'.repeat(65),
    'a\0',
  ]) {
    assert.equal(isTaskId(id), false, JSON.stringify(id));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      if (isTaskId(id)) assert.match(id, /^[A-Za-z0-9_-]{1,64}$/);
    }),
  );
});

test('ids of parts have a prefix for their kind', () => {
  assert.match(newPartId('execution'), /^execution_[\w-]{10}$/);
  assert.notEqual(newPartId('tx'), newPartId('tx'));
});
