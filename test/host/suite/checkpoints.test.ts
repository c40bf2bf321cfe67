import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceFolder } from './cli.ts';
import { command, store } from './person.ts';
import { eventually, test } from './runner.ts';

test('a checkpoint of a task is created and restored', async () => {
  const opened = await store();
  const task = await opened.createTask({ title: 'Keep it', tool: 'SHELL', instructions: 'echo one > kept.txt' });
  await command('systemprompt.task.start', task.id);
  await eventually(() => {
    const now = opened.view.byId(task.id);
    assert.equal(now?.status, 'completed');
    assert.equal(now.lease, undefined);
  });
  const worktree = opened.resolve(task.id).workspace?.path ?? assert.fail('no worktree');
  const file = path.join(workspaceFolder(), worktree, 'kept.txt');
  await command('systemprompt.task.checkpoint', task.id, undefined, 'It says one');
  writeFileSync(file, 'two\n');
  await command('systemprompt.task.restore', task.id, undefined, 1);
  assert.equal(readFileSync(file, 'utf8'), 'one\n');
  assert.deepEqual(
    opened.resolve(task.id).checkpoints?.map(({ kind, message }) => `${kind}: ${message}`),
    ['manual: It says one', 'before-restore: Before checkpoint 1 was restored'],
  );
  assert.ok(!existsSync(path.join(workspaceFolder(), 'kept.txt')));
  await command('systemprompt.task.restore', task.id, undefined, 2);
  assert.equal(readFileSync(file, 'utf8'), 'two\n');
  await opened.deleteTask(task.id);
});
