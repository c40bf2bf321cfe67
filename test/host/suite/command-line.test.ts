import assert from 'node:assert/strict';
import { cli, cliJson } from './cli.ts';
import { test } from './runner.ts';

test('the command line works on the open folder of the window', async () => {
  const { total } = (await cliJson('task', 'list')) as { total: number };
  assert.equal(total, 0);
});

test('the command line explains a missing task', async () => {
  const { code, stdout } = await cli('task', 'show', 'no-such-task', '--json');
  assert.equal(code, 3);
  assert.match(stdout, /"error"/);
});
