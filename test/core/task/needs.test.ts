import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Need, needingPerson, needOf } from '../../../src/core/task/needs.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { at, taskId, taskWith } from '../fixtures.ts';
import { standingAmong, worldWith } from './worlds.ts';

const request = (kind: 'tool' | 'feedback') => ({
  approvals: [{ id: 'a1', number: 1, kind, title: 'Run it', status: 'pending' as const, requested_at: at(0) }],
});
const failed = taskWith({ id: taskId('task_failed'), number: 7, status: 'failed', error: 'It broke.' });

const needsOf: Readonly<Record<string, readonly [Partial<TaskRecord>, Need | undefined]>> = {
  'a request': [{ status: 'in_progress', ...request('tool') }, 'approval'],
  'a question': [{ status: 'in_progress', ...request('feedback') }, 'question'],
  'a task from outside': [{ from_outside: true }, 'confirmation'],
  'a failure': [{ status: 'failed' }, 'failure'],
  'a reached limit': [{ status: 'paused', pause_reason: 'budget' }, 'limit'],
  'a failed dependency': [{ queued_at: at(0), depends_on: [failed.id] }, 'blocked'],
  'a pause by a person': [{ status: 'paused', pause_reason: 'person' }, undefined],
  'running work': [{ status: 'in_progress' }, undefined],
  'a draft': [{}, undefined],
  'a completed task without changes': [{ status: 'completed' }, undefined],
};

for (const [name, [fields, need]] of Object.entries(needsOf)) {
  test(`${name}: ${need ?? 'needs nobody'}`, () => {
    const task = taskWith(fields);
    assert.equal(needOf(task, standing(task, worldWith([task, failed]))), need);
  });
}

test('the most pressing needs come first, then the oldest; archived tasks are left out', () => {
  const tasks = [
    failed,
    taskWith({ id: taskId('task_old'), number: 2, status: 'failed' }),
    taskWith({ id: taskId('task_asks'), number: 9, status: 'in_progress', ...request('tool') }),
    taskWith({ id: taskId('task_gone'), number: 1, status: 'failed', archived_at: at(0) }),
  ];
  const found = needingPerson(tasks, standingAmong(tasks));
  assert.deepEqual(
    found.map(({ task, need }) => `${task.number} ${need}`),
    ['9 approval', '2 failure', '7 failure'],
  );
});
