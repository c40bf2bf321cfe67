import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Disposable, DisposableStack } from '../../src/core/disposable.ts';

function logging(log: string[]): (name: string, error?: Error) => Disposable {
  return (name, error) => ({
    dispose(): void {
      log.push(name);
      if (error !== undefined) throw error;
    },
  });
}

test('releases in reverse order and returns the added disposable', () => {
  const log: string[] = [];
  const item = logging(log);
  const stack = new DisposableStack();
  const first = item('first');
  assert.equal(stack.add(first), first);
  stack.add(item('second'));
  assert.deepEqual(log, []);
  stack.dispose();
  assert.deepEqual(log, ['second', 'first']);
});

test('releases once', () => {
  const log: string[] = [];
  const stack = new DisposableStack();
  stack.add(logging(log)('one'));
  stack.dispose();
  stack.dispose();
  assert.deepEqual(log, ['one']);
});

test('releases an addition after the end at once', () => {
  const log: string[] = [];
  const stack = new DisposableStack();
  stack.dispose();
  stack.add(logging(log)('late'));
  assert.deepEqual(log, ['late']);
});

test('releases all others after a failure and reports the first error', () => {
  const log: string[] = [];
  const item = logging(log);
  const stack = new DisposableStack();
  stack.add(item('a'));
  stack.add(item('b', new Error('b is stuck')));
  stack.add(item('c', new Error('c is stuck')));
  assert.throws(() => stack.dispose(), /c is stuck/);
  assert.deepEqual(log, ['c', 'b', 'a']);
});

test('releases additions during the release too', () => {
  const log: string[] = [];
  const stack = new DisposableStack();
  stack.add({ dispose: () => void stack.add(logging(log)('late')) });
  stack.dispose();
  assert.deepEqual(log, ['late']);
});
