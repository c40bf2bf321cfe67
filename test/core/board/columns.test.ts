import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnOf, columns, type Move, moveTo } from '../../../src/core/board/columns.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { cancel, complete, pause } from '../../../src/core/task/session.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import { taskStatuses } from '../../../src/core/task/values.ts';
import { at, executionOf, newTask, taskWith } from '../fixtures.ts';

const effects: Readonly<Record<string, (task: TaskRecord) => object>> = {
  start: (task) => requestStart(task, at(1)),
  restart: (task) => restart(task, at(1)),
  pause: (task) => pause(task, at(1)),
  complete: (task) => complete(task, at(1)),
  cancel: (task) => cancel(task, at(1)),
};

const tasks = taskStatuses.flatMap((status) => [
  taskWith({ status }),
  taskWith({ status, queued_at: at(0) }),
  taskWith({ status, started_at: at(0), executions: [executionOf('e1')] }),
  { ...newTask({ kind: 'group' }), status },
]);

test('each task stands in one column: that of its status, apart from needs and the queue', () => {
  assert.equal(columnOf(taskWith({}), undefined, false), 'pending');
  assert.equal(columnOf(taskWith({}), undefined, true), 'queued');
  assert.equal(columnOf(taskWith({ queued_at: at(0) }), undefined, false), 'queued');
  assert.equal(columnOf(taskWith({ status: 'paused', queued_at: at(0) }), undefined, false), 'queued');
  assert.equal(columnOf(taskWith({ status: 'paused' }), undefined, true), 'paused');
  assert.equal(columnOf(taskWith({ status: 'failed' }), 'failure', false), 'needs_you');
  assert.equal(columnOf(newTask({ kind: 'group' }), undefined, true), 'pending');
  for (const status of taskStatuses) assert.ok(columns.includes(columnOf(taskWith({ status }), undefined, false)));
});

test('a column is a target exactly if its action is legal', () => {
  let legal = 0;
  for (const task of tasks) {
    for (const column of columns) {
      const move = moveTo(task, column);
      const act = 'action' in move ? effects[move.action] : undefined;
      if (act === undefined) continue;
      legal += 1;
      assert.doesNotThrow(() => act(task), `${task.status} to ${column}`);
    }
  }
  assert.ok(legal > 20);
});

test('a refusal names its reason', () => {
  const refused = (task: TaskRecord, column: Parameters<typeof moveTo>[1]): Move => moveTo(task, column);
  assert.deepEqual(refused(taskWith({}), 'needs_you'), { refused: 'derived' });
  assert.deepEqual(refused(taskWith({}), 'failed'), { refused: 'derived' });
  assert.deepEqual(refused(taskWith({}), 'paused'), { refused: 'not_running' });
  assert.deepEqual(refused(taskWith({ queued_at: at(0) }), 'in_progress'), { refused: 'queued' });
  assert.deepEqual(refused(taskWith({ status: 'in_progress' }), 'queued'), { refused: 'running' });
  assert.deepEqual(refused(taskWith({ status: 'in_progress' }), 'completed'), { refused: 'busy' });
  assert.deepEqual(refused(taskWith({ status: 'completed' }), 'cancelled'), { refused: 'ended' });
  assert.deepEqual(refused(taskWith({ status: 'completed_active' }), 'queued'), { refused: 'begun' });
  assert.deepEqual(refused(newTask({ kind: 'group' }), 'in_progress'), { refused: 'group' });
});

test('a limit that paused the task is raised, and a task from outside is confirmed', () => {
  assert.deepEqual(moveTo(taskWith({ status: 'paused', pause_reason: 'budget' }), 'queued'), { action: 'raiseLimit' });
  assert.deepEqual(moveTo(taskWith({ status: 'failed' }), 'in_progress'), { action: 'restart' });
});
