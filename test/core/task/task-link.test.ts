import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkedTask, taskLink } from '../../../src/core/task/task-link.ts';

test('a link names a task and its folder', () => {
  const link = new URL(taskLink(12, '/home/ada/my project & more'));
  assert.equal(link.protocol, 'vscode:');
  assert.equal(link.host, 'systemprompt.systemprompt-tasks');
  assert.deepEqual(linkedTask(link.pathname, link.search.slice(1)), {
    task: '12',
    folder: '/home/ada/my project & more',
  });
  assert.deepEqual(linkedTask('/task/task_a1-B2', ''), { task: 'task_a1-B2', folder: undefined });
});

test('a link with anything but a number or id is refused', () => {
  for (const path of [
    '',
    '/',
    '/task',
    '/task/',
    '/task/..',
    '/task/1/2',
    '/task/a b',
    '/task/-1',
    '/tasks/1',
    '/run/1',
  ]) {
    assert.equal(linkedTask(path, ''), undefined, path);
  }
  assert.equal(linkedTask(`/task/${'1'.repeat(100)}`, ''), undefined);
  assert.equal(linkedTask('/task/1', `folder=${'x'.repeat(5_000)}`), undefined);
  assert.equal(linkedTask('/task/1', 'folder=%00'), undefined);
});
