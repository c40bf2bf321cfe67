import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { processOutput } from '../../src/cli/terminal/output.ts';
import { usageView } from '../../src/cli/views/usage.ts';
import { taskUsage } from '../../src/operations/metrics/usage.ts';
import { until } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

describe('the usage of a task', () => {
  it('is printed at each change until the task ends (F171)', async (context) => {
    const run = cli(context);
    const told = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => taskUsage.output.parse(JSON.parse(line)));
    await run.ok(
      'task',
      'create',
      'Work',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo done',
      '--budget-minutes',
      '5',
    );
    const live = run.start('task', 'usage', '1', '--live', '--json');
    await until('it tells how things stand', () => live.stdout().includes('\n'));
    await run.ok('task', 'start', '1');
    const { code, stdout } = await live.finished;
    assert.equal(code, 0);
    const lines = told(stdout);
    assert.deepEqual([lines[0]?.status, lines[0]?.executions.length], ['pending', 0]);
    assert.deepEqual([lines.at(-1)?.status, lines.at(-1)?.executions.length], ['completed', 1]);
    assert.equal(new Set(stdout.trim().split('\n')).size, lines.length, 'what has not changed is not told again');
    assert.equal(told(await run.ok('task', 'usage', '1', '--live', '--json')).length, 1, 'what has ended is told once');
  });

  it('is no longer printed after the task was deleted', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Work');
    const live = run.start('task', 'usage', '1', '--live');
    await until('it tells how things stand', () => live.stdout().includes('tokens'));
    await run.ok('task', 'delete', '1');
    const { code, stderr } = await live.finished;
    assert.deepEqual([code, stderr], [0, '#1 was deleted.\n']);
  });

  it('is kept up to date until Ctrl-C', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Work');
    const live = run.start('task', 'usage', '1', '--live');
    await until('it tells how things stand', () => live.stdout().includes('tokens'));
    live.child.kill('SIGINT');
    assert.equal((await live.finished).code, 130);
  });

  it('distinguishes limits of the task from limits of the day', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Work');
    assert.match(await run.ok('task', 'usage', '1'), /^ {2}limits {6}none$/m);
    writeFileSync(join(run.folder, '.systemprompt', 'config.json'), '{ "budget": { "perDay": { "tokens": 1000 } } }');
    const both = taskUsage.output.parse(await run.json('task', 'usage', '1'));
    assert.match(usageView(both), /^ {2}limits {6}none of its own\n {2}of the day {2}tokens: .* until midnight$/m);
  });

  it('replaces the previous output in a terminal and appends elsewhere', () => {
    const drawn = (isTTY: boolean): string => {
      const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 80 });
      const out = processOutput({ stdout, stderr: stdout, env: {} });
      out.redraw('a\nb');
      out.redraw('c');
      out.redraw('d');
      return stdout.read() as string;
    };
    assert.equal(drawn(true), 'a\nb\n\u001b[2A\u001b[Jc\n\u001b[1A\u001b[Jd\n');
    assert.equal(drawn(false), 'a\nb\nc\nd\n');
  });
});
