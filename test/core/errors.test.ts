import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { textStep } from '../../src/core/next-step.ts';

test('an error has a code, a message and a next step', () => {
  const cause = new Error('why');
  const error = new TaskError('TooLarge', 'It is too large.', {
    next: [textStep('Cut it.')],
    cause,
    details: { size: 3 },
  });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.message, error.next],
    ['TaskError', 'TooLarge', 'It is too large.', [textStep('Cut it.')]],
  );
  assert.deepEqual([error.cause, error.details], [cause, { size: 3 }]);
  assert.equal(Object.hasOwn(new TaskError('Internal', 'x'), 'cause'), false);
});

test('an error is identified by its code, never by its text', () => {
  const error = new TaskError('TaskNotFound', 'There is no task "9".');
  assert.equal(TaskError.is(error), true);
  assert.equal(TaskError.is(error, 'TooLarge', 'TaskNotFound'), true);
  assert.equal(TaskError.is(error, 'TooLarge'), false);
  for (const other of [new Error('TaskNotFound'), 'TaskNotFound', undefined, null, { code: 'TaskNotFound' }]) {
    assert.equal(TaskError.is(other, 'TaskNotFound'), false);
  }
});

test('any thrown value becomes a TaskError with its message and cause', () => {
  const own = new TaskError('TooLarge', 'x');
  assert.equal(TaskError.from(own), own);
  for (const [thrown, message] of [
    [new RangeError('deep'), 'deep'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [{ toString: () => 'odd' }, 'odd'],
  ] as const) {
    const error = TaskError.from(thrown);
    assert.deepEqual([error.code, error.message, error.cause], ['Internal', message, thrown]);
  }
});
