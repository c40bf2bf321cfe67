import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stepLines } from '../../src/cli/views/next-step.ts';
import type { NextStep } from '../../src/core/next-step.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { cli, type Finished } from './cli.ts';

/** A refusal for a person: its exit code, and words on stderr alone. */
function refused(done: Finished, code: number, message: RegExp, next?: RegExp): void {
  assert.equal(done.code, code, done.stderr + done.stdout);
  assert.equal(done.stdout, '');
  const [first = '', ...rest] = done.stderr.split('\n');
  assert.match(first, /^error: /);
  assert.match(first, message);
  if (next !== undefined) assert.match(rest.join('\n'), next);
}

describe('invalid input on the command line exits with a clear error', () => {
  it('an invalid command line: 2', async (context) => {
    const run = cli(context);
    refused(await run('tsak', 'list'), 2, /unknown command 'tsak'/i, /Did you mean task\?/);
    refused(await run('task', 'lst'), 2, /unknown command 'lst'/i, /Did you mean list\?/);
    refused(await run('task', 'list', '--stauts', 'x'), 2, /unknown option '--stauts'/i, /--status/);
    refused(await run('task', 'create', 'Fix', 'the', 'test'), 2, /too many arguments/i, /quotes/);
    refused(await run('task', 'show'), 2, /missing required argument 'task'/i);
    refused(await run('task', 'create', 'x', '--priority', 'urgent'), 2, /--priority: "urgent" is not one of critical/);
    refused(await run('task', 'create', 'x', '--budget-tokens', 'many'), 2, /--budget-tokens takes a whole number/);
    refused(await run('task', 'create', 'x', '--budget-tokens', '-5'), 2, /--budget-tokens: must be more than 0\.?$/);
    refused(
      await run('task', 'create', 'x', '--workflow', 'a:SHELL b:C'),
      2,
      /--workflow: entry 1: agent: an agent name has/,
    );
    refused(await run('task', 'create', 'x', '--workflow', 'phases:\n- a'), 2, /no key "workflow"/);
    refused(await run('task', 'list', '--created-after', 'soon'), 2, /--created-after: not a date/);
    refused(await run('task', 'logs', '1', '--since', 'soon'), 2, /--since takes a span such as 10m/);
    refused(await run('task', 'create', 'x', '-C', join(run.folder, 'nowhere')), 2, /is not a folder/, /-C/);
    refused(await run('worker', '--parallel', '0'), 2, /--parallel must be at least 1/);
    assert.deepEqual(readdirSync(run.folder), []);
  });

  it('an empty title: 2; a too long title: 2', async (context) => {
    const run = cli(context);
    refused(await run('task', 'create', ''), 2, /A task needs a title/, /for example/);
    refused(await run('task', 'create'), 2, /A task needs a title/);
    refused(await run('task', 'create', 'x'.repeat(201)), 2, /201 characters; 200 are allowed/);
  });

  it('an unknown task: 3; an ambiguous title: 2 with both tasks', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Same');
    await run.ok('task', 'create', 'Same');
    refused(await run('task', 'show', '99'), 3, /There is no task "99"/, /task list/);
    for (const verb of ['start', 'watch', 'logs', 'cancel', 'delete', 'approve']) {
      refused(await run('task', verb, '99'), 3, /no task "99"/);
    }
    refused(await run('task', 'show', 'Same'), 2, /can mean 2 tasks/, /#1 Same; #2 Same/);
  });

  it('an illegal transition: 4; a cycle: 4; a dependency on itself: 4', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    await run.ok('task', 'create', 'B', '--depends-on', 'A');
    refused(await run('task', 'restart', 'A'), 4, /pending and cannot be restarted/);
    refused(await run('task', 'restart', 'A', '--json').then(plain), 4, /IllegalTransition/);
    refused(await run('task', 'update', 'A', '--depends-on', 'B'), 4, /circle: A → B → A/);
    refused(await run('task', 'update', 'A', '--depends-on', 'A'), 4, /cannot depend on itself/);
    refused(await run('task', 'update', 'A', '--priority', 'low', '--if-revision', '9'), 4, /revision/);
    refused(await run('task', 'follow-up', 'A', 'more'), 4, /no open session/);
    refused(await run('task', 'approve', 'A'), 3, /no pending request/);
  });

  it('an unknown agent: 3; an agent that is not installed: 1', async (context) => {
    const run = cli(context);
    refused(await run('task', 'create', 'x', '--tool', 'NOBODY'), 3, /no agent "NOBODY"/, /SHELL/);
    // Nothing on this PATH but the shell.
    const bare = tempFolder(context);
    const { PATH } = process.env;
    process.env.PATH = bare;
    try {
      await run.ok('task', 'create', 'x', '--assigned-to', 'OPENCODE');
      refused(
        await run('task', 'start', '1'),
        1,
        /OPENCODE is not installed|not installed/i,
        /Available here: SHELL|npm/,
      );
    } finally {
      process.env.PATH = PATH;
    }
    assert.equal((await run.json<{ queued_at?: string }>('task', 'show', '1')).queued_at, undefined);
  });

  it('a folder that is not writable: 1, and reading still works', async (context) => {
    const run = cli(context);
    writeFileSync(join(run.folder, '.systemprompt'), 'a file where the folder should be');
    refused(await run('task', 'create', 'x'), 1, /./, /./);
    assert.match(await run.ok('task', 'list'), /no tasks here yet/);
  });

  it('a store of a newer version: 4 for a change, and reading still works', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Old');
    const state = { schema_version: 99, generation: 1, next_number: 2 };
    writeFileSync(join(run.folder, '.systemprompt', 'state', 'state.json'), JSON.stringify(state));
    refused(await run('task', 'create', 'x'), 4, /newer/i);
    assert.match(await run.ok('task', 'list'), /Old/);
  });

  it('a description of 10 MB: 2, from a file and from standard input', async (context) => {
    const run = cli(context);
    const file = join(run.folder, 'long.txt');
    writeFileSync(file, 'x'.repeat(10_000_000));
    refused(await run('task', 'create', 'x', '--description-file', 'long.txt'), 2, /--description: .*1,000,000/);
    refused(await run.input('y'.repeat(10_000_000), 'task', 'create', 'x', '--instructions', '-'), 2, /1,000,000/);
    refused(await run('task', 'create', 'x', '--description-file', 'nowhere.txt'), 2, /cannot be read/);
    writeFileSync(file, Buffer.from([0x66, 0xff, 0xfe]));
    refused(await run('task', 'create', 'x', '--description-file', 'long.txt'), 2, /UTF-8/);
    assert.deepEqual(readdirSync(run.folder), ['long.txt']);
  });

  it('long texts within the limits arrive complete', async (context) => {
    const run = cli(context);
    const text = 'é'.repeat(900_000);
    const { code } = await run.input(text, 'task', 'create', 'x', '--description-file', '-');
    assert.equal(code, 0);
    assert.equal((await run.json<{ description: string }>('task', 'show', '1')).description, text);
  });

  it('escape sequences in titles, logs and errors are stored but never reach the terminal', async (context) => {
    const run = cli(context);
    const evil = 'Click \u001b]8;;http://x\u0007here\u001b]8;;\u0007 \u001b[2J\u009b31m red\u202e gnp';
    await run.ok(
      'task',
      'create',
      evil,
      '--description',
      evil,
      '--label',
      evil,
      '--project',
      evil,
      '--instructions',
      evil,
    );
    await run.ok(
      'task',
      'create',
      'Two',
      '--assigned-to',
      'SHELL',
      '--instructions',
      "printf '\\033[2Jboo\\033]0;t\\007\\n'",
    );
    await run.ok('task', 'start', 'Two', '--wait');
    const outputs = await Promise.all([
      run.ok('task', 'list'),
      run.ok('task', 'show', '1'),
      run.ok('task', 'logs', 'Two'),
      run.ok('task', 'show', '1', '--json'),
      run.ok('task', 'logs', 'Two', '--json'),
      run('task', 'show', evil).then((done) => done.stdout + done.stderr),
      run('task', 'show', `${evil}!`).then((done) => done.stdout + done.stderr),
    ]);
    for (const output of outputs) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is shown
      assert.doesNotMatch(output, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    assert.match(outputs[2] ?? '', /boo/);
    const kept = await run.json<{ description: string }>('task', 'show', '1');
    assert.equal(kept.description, evil);
  });

  it('a closed pipe ends the command without an error', async (context) => {
    const run = cli(context);
    for (let index = 0; index < 3; index += 1)
      await run.ok('task', 'create', `T${index}`, '--description', 'x'.repeat(90_000));
    const call = spawn(
      'sh',
      ['-c', `${JSON.stringify(process.execPath)} src/cli/main.ts -C '${run.folder}' task list --json | head -c 10`],
      {
        cwd: new URL('../..', import.meta.url),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stderr = '';
    call.stderr.on('data', (text) => {
      stderr += text;
    });
    await new Promise((resolve) => call.on('close', resolve));
    assert.equal(stderr, '');
  });

  it('read-only commands create no files in the folder', async (context) => {
    const run = cli(context);
    for (const words of [
      ['task', 'list'],
      ['status'],
      ['agents'],
      ['task', 'list', '--json'],
      ['--help'],
      ['--version'],
    ]) {
      await run.ok(...words);
    }
    refused(await run('task', 'show', '1'), 3, /no task/);
    refused(await run('task', 'start', '1'), 3, /no task/);
    assert.deepEqual(readdirSync(run.folder), []);
    mkdirSync(join(run.folder, '.systemprompt'));
    await run.ok('task', 'list');
    assert.deepEqual(readdirSync(join(run.folder, '.systemprompt')), []);
  });
});

/** The refusal of a call with `--json`, as one without it would look. */
function plain({ code, stdout }: Finished): Finished {
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; next: NextStep[] } };
  return { code, stdout: '', stderr: `error: ${error.code} ${error.message}\n${stepLines(error.next).join('\n')}` };
}
