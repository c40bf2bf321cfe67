import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

test('a task file from outside shows as such in every list, and runs only once it is confirmed as shown', async (t) => {
  const here = cli(t);
  await here.ok('task', 'create', 'Mine', '--assigned-to', 'SHELL', '--instructions', 'true');
  const tasks = join(here.folder, '.systemprompt', 'state', 'tasks');
  await until('its file is written', () => existsSync(tasks) && readdirSync(tasks).length === 1);
  const [file = ''] = readdirSync(tasks);
  const record = JSON.parse(readFileSync(join(tasks, file), 'utf8')) as object;
  const foreign = {
    ...record,
    id: 'task_foreign',
    number: 7,
    title: 'Fix \u001b[31mit\u202e',
    instructions: 'echo ran >> ran # \u001b[2K\u200b hidden',
    queued_at: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(tasks, 'task_foreign.json'), JSON.stringify(foreign));

  await here.ok('queue', 'play');
  await until(
    'the queue has run the other task',
    async () => (await here.json('task', 'show', '1'))['status'] === 'completed',
  );
  const words = /\(from outside\): task confirm 7/;
  for (const face of [
    ['task', 'list'],
    ['task', 'show', '7'],
    ['queue', 'status'],
  ]) {
    assert.match(await here.ok(...face), words, face.join(' '));
  }
  assert.deepEqual((await here.json('task', 'show', '7'))['waiting'], { for: 'confirmation', on: [] });
  assert.equal((await here('task', 'start', '7')).code, 4);

  const shown = await here.ok('task', 'confirm', '7');
  assert.match(shown, /#7 Fix \\u\{001b\}\[31mit\\u\{202e\}\n {2}agent: SHELL\n {2}script:\n/);
  assert.match(shown, /echo ran >> ran # \\u\{001b\}\[2K\\u\{200b\} hidden/);
  const [, command = ''] = /systemprompt (task confirm 7 --digest \w+)$/.exec(shown.trim()) ?? [];
  assert.equal(existsSync(join(here.folder, 'ran')), false);
  assert.match(await here.ok(...command.split(' ')), /^Confirmed #7/);
  await until('it ran', () => existsSync(join(here.folder, 'ran')));
  assert.match(await here.ok('task', 'confirm'), /No tasks wait for confirmation/);
});

test('the list shows the number of files in quarantine', async (t) => {
  const here = cli(t);
  await here.ok('task', 'create', 'Mine', '--assigned-to', 'SHELL', '--instructions', 'true');
  const list = async (): Promise<string> => (await here('task', 'list')).stderr;
  assert.doesNotMatch(await list(), /quarantine/);
  writeFileSync(join(here.folder, '.systemprompt', 'state', 'tasks', 'task_broken.json'), '{');
  // Only a command that may change the store moves the file.
  await here.ok('task', 'update', '1', '--priority', 'high');
  assert.match(await list(), /^1 unreadable file is in quarantine, with the reason beside it: .*task_broken\.json$/m);
  assert.equal((await here('task', 'list', '--json')).stderr, '');
});
