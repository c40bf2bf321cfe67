import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endTurn } from '../../../src/core/task/run.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { at, executionOf, leaseOf, taskWith } from '../fixtures.ts';

const closed = { kind: 'interrupted', stopReason: 'interrupted', error: 'The window was closed.' } as const;

const running = taskWith({
  status: 'in_progress',
  started_at: at(1),
  lease: leaseOf('w1'),
  executions: [executionOf('e1')],
});

const cutOff = (task: TaskRecord): TaskRecord =>
  ({ ...task, ...endTurn(task, 'e1', closed, true, at(4_000)) }) as TaskRecord;

test('a task whose agent lost its window is paused, and its session resumes automatically', () => {
  const task = cutOff(running);
  assert.deepEqual(
    [task.status, task.pause_reason, task.error, task.error_code, task.queued_at, task.not_before],
    ['paused', 'interrupted', 'The window was closed.', 'Interrupted', at(4_000), undefined],
  );
  const last = task.executions.at(-1);
  assert.deepEqual([last?.outcome, last?.error_code, last?.ended_at], ['interrupted', 'Interrupted', at(4_000)]);
});

test('a window that never answers is asked again and again, but not all the time', () => {
  const earlier = Array.from({ length: 9 }, (_, index) => ({
    ...executionOf(`earlier${index}`),
    ended_at: at(1),
    error_code: 'Interrupted',
  }));
  const task = cutOff({ ...running, executions: [...earlier, ...running.executions] });
  assert.equal(task.queued_at, at(4_000));
  assert.notEqual(task.not_before, undefined);
});

test('a task that a person cancelled stays cancelled when its window closes', () => {
  assert.equal(cutOff({ ...running, status: 'cancelled' }).status, 'cancelled');
});
