import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

const made = ['--description', 'X', '--assigned-to', 'SHELL'];

test('a copied folder runs no queued task until a person confirms it', async (t) => {
  const there = cli(t);
  await there.ok('task', 'create', 'First', ...made, '--instructions', 'echo first >> ran');
  await there.ok('task', 'create', 'Second', ...made, '--instructions', 'echo second >> ran', '--depends-on', '1');
  await there.ok('task', 'start', '2');
  const folder = tempFolder(t);
  cpSync(join(there.folder, '.systemprompt'), join(folder, '.systemprompt'), { recursive: true });
  const here = cli(t, folder);

  assert.equal((await here('worker', '--idle-exit', '0')).code, 4);
  await here.ok('task', 'create', 'Mine', ...made, '--instructions', 'echo mine >> ran');
  const refused = await here('task', 'start', '3', '--json');
  const { error } = JSON.parse(refused.stdout) as { error: { code: string; next: unknown } };
  assert.equal(error.code, 'NotConfirmed');
  assert.match(JSON.stringify(error.next), /task.confirm/);
  assert.equal((await here.json('queue', 'status'))['waiting_total'], 1);

  const shown = await here.json('task', 'confirm');
  assert.deepEqual(
    (shown['tasks'] as { number: number; order: string }[]).map(({ number, order }) => [number, order]),
    [[2, 'echo second >> ran']],
  );
  await here.ok('task', 'confirm', '--digest', String(shown['digest']));
  await here.ok('task', 'start', '1', '3', '--wait');
  await until('the confirmed task ran', async () => (await here.json('task', 'show', '2'))['status'] === 'completed');
});

test('a playing queue counts only on the machine that started it', async (t) => {
  const there = cli(t);
  await there.ok('queue', 'play');
  const folder = tempFolder(t);
  cpSync(join(there.folder, '.systemprompt'), join(folder, '.systemprompt'), { recursive: true });
  const here = cli(t, folder);
  await here.ok('task', 'create', 'Looked at', ...made, '--instructions', 'true');
  assert.equal((await here('queue', 'play')).code, 4);
  assert.equal((await here.json('task', 'show', '1'))['status'], 'pending');
  await here.ok('queue', 'pause');
  await here.ok('task', 'start', '1', '--wait');
});

test('a watching window sees the first task with the marker of this machine', async (t) => {
  const run = cli(t);
  const store = await TaskStore.open({ folder: run.folder });
  t.after(() => store.close());
  let marks: string[] | undefined;
  const homes = join(run.folder, '.systemprompt', 'state', 'homes');
  store.on('task:created', () => {
    marks ??= existsSync(homes) ? readdirSync(homes) : [];
  });
  await run.ok('task', 'create', 'First', ...made, '--instructions', 'true', '--start');
  await until('the task is seen', () => marks !== undefined);
  assert.equal(marks?.length, 1);
});
