import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { parseViewFilter } from '../../../src/core/task/view-filter.ts';
import { at, taskId, taskWith } from '../fixtures.ts';
import { standingAmong } from './worlds.ts';

const failed = taskWith({ id: taskId('task_failed'), number: 1, status: 'failed', title: 'Fix the login' });
const blocked = taskWith({
  id: taskId('task_blocked'),
  number: 2,
  tool: 'CODEX',
  labels: ['api'],
  title: 'Test the login',
  queued_at: at(0),
  depends_on: [failed.id],
});
const group = taskWith({
  id: taskId('task_group'),
  number: 3,
  kind: 'group',
  title: 'Release',
  description: 'Ship it',
});
const tasks = [failed, blocked, group];

function found(text: string): number[] {
  const matches = parseViewFilter(text);
  const standingOf = standingAmong(tasks);
  return tasks.filter((task: TaskRecord) => matches(task, () => standingOf(task))).map(({ number }) => number);
}

test('an empty filter matches every task', () => assert.deepEqual(found('  '), [1, 2, 3]));

test('fields, situations and words are combined', () => {
  assert.deepEqual(found('agent:codex label:api is:blocked "login"'), [2]);
  assert.deepEqual(found('agent:codex is:failed'), []);
  assert.deepEqual(found('login'), [1, 2]);
});

test('a situation has alternatives and any case', () => {
  assert.deepEqual(found('is:failed,group'), [1, 3]);
  assert.deepEqual(found('IS:Group'), [3]);
  assert.deepEqual(found('is:needed'), [1, 2]);
});

test('an unknown situation is an error that names a similar one', () => {
  assert.throws(() => found('is:blokced'), { code: 'InvalidInput', message: /"is:blokced" is not a situation/ });
  assert.throws(() => found('is:'), { code: 'InvalidInput' });
  assert.throws(() => found('colour:red'), { code: 'InvalidInput' });
});
