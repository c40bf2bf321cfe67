import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { cli } from './cli.ts';

interface Listed {
  readonly checkpoints: readonly { readonly number: number; readonly kind: string; readonly message: string }[];
}

it('checkpoints save a task, list it and restore it', async (context) => {
  const systemprompt = cli(context);
  const repository = testRepository(systemprompt.folder);
  repository.commit({ 'a.txt': 'one\n' });
  const script = 'echo two > a.txt; echo new > new.txt';
  await systemprompt.ok('task', 'create', 'Do it', '--assigned-to', 'SHELL', '--instructions', script);
  assert.equal((await systemprompt('task', 'checkpoint', '1')).code, 4);
  await systemprompt.ok('task', 'start', '1', '--wait');
  const folder = join(repository.folder, '.systemprompt/worktrees/1-do-it');
  assert.equal(await systemprompt.ok('task', 'checkpoints', '1'), '#1 Do it has no checkpoint.\n');
  assert.match(await systemprompt.ok('task', 'checkpoint', '1', 'It works'), /^Checkpoint 1 of #1 Do it: It works\n/);
  writeFileSync(join(folder, 'a.txt'), 'worse\n');
  assert.match(await systemprompt.ok('task', 'restore', '1'), /1 file\.\nTo undo it: systemprompt task restore 1 2\n/);
  assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'two\n');
  await systemprompt.ok('task', 'restore', '1', '2');
  assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'worse\n');
  const { checkpoints } = await systemprompt.json<Listed>('task', 'checkpoints', '1');
  assert.deepEqual(
    checkpoints.map(({ number, kind }) => `${number} ${kind}`),
    ['1 manual', '2 before-restore', '3 before-restore'],
  );
  assert.match(await systemprompt.ok('task', 'show', '1'), /Checkpoints\n {2}1\. .* It works\n/);
  assert.equal((await systemprompt('task', 'restore', '1', '9')).code, 3);
  assert.equal((await systemprompt('task', 'restore', '1', 'x')).code, 2);
});
