import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder, until } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

interface Times {
  readonly started_at: string;
  readonly completed_at: string;
}

describe('the command line runs a task', () => {
  it('creates a task, runs it in the background, waits for it and shows the result', async (context) => {
    const run = cli(context);
    const made = await run.ok('task', 'create', 'Say hello', '--assigned-to', 'SHELL', '--instructions', 'echo hello');
    assert.match(made, /^Created #1 Say hello · for SHELL\n {2}Start it: systemprompt task start 1\n$/);
    const waited = await run.ok('task', 'start', '1', '--wait');
    assert.match(waited, /output +hello/);
    assert.match(waited, /✓ completed/);
    assert.match(await run.ok('task', 'show', '1', '--history'), /Executions\n +1\. .*SHELL +completed, exit code 0/);
    assert.match(await run.ok('task', 'logs', '1', '--type', 'output'), /^\d\d:\d\d:\d\d {2}output +hello\n$/);
    assert.match(await run.ok('task', 'list'), /✓ completed +medium +SHELL/);
    assert.match(await run.ok('status'), /1 task in .*\n.*✓ completed +1\nworker \d+ on .*: idle/);
  });

  it('runs all tasks in order while the queue plays, including later ones', async (context) => {
    const run = cli(context);
    const make = (title: string, ...more: string[]): Promise<string> =>
      run.ok('task', 'create', title, '--assigned-to', 'SHELL', '--instructions', `echo ${title}`, ...more);
    await make('one');
    await make('two', '--depends-on', '1');
    assert.match(
      await run.ok('queue', 'status'),
      /^paused: only tasks that are started run\nnothing runs: no task is queued\n$/,
    );
    assert.match(await run.ok('queue', 'play'), /^playing \(since .*, by .*\): every task runs as soon as it can\n/);
    await make('three');
    const ended = async (): Promise<boolean> =>
      (await run.json<{ by_status: { completed: number } }>('status')).by_status.completed === 3;
    await until('all have run', ended);
    await run.ok('queue', 'pause');
    await make('four');
    const { playing, ready } = await run.json<{ playing: boolean; ready: number }>('queue', 'status');
    assert.deepEqual([playing, ready], [false, 0]);
    assert.equal((await run.json<{ status: string }>('task', 'pause', '4')).status, 'paused');
  });

  it('fails with the exit code of the failed task in words', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Break', '--assigned-to', 'SHELL', '--instructions', 'echo oh >&2; exit 3');
    const { code, stdout } = await run('task', 'start', 'Break', '--wait');
    assert.equal(code, 1);
    assert.match(stdout, /✗ failed · .*3/);
    const { code: again, stdout: json } = await run('task', 'restart', '1', '--json');
    assert.equal(again, 0);
    const { status, executions } = JSON.parse(json) as { status: string; executions: unknown[] };
    assert.ok(status === 'pending' || executions.length === 2, 'it waits for a worker, or one has it already');
  });

  it('waits for a person, names the command to decide, and continues after an approval in another terminal', async (context) => {
    const run = cli(context);
    await run.ok(
      'task',
      'create',
      'Deploy',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo out',
      '--requires-approval',
    );
    const waiting = run.start('task', 'start', 'Deploy', '--wait');
    await until('it says how to approve', () => waiting.stdout().includes('systemprompt task approve 1'));
    assert.match(waiting.stdout(), /‖ paused · asks: Start "Deploy"/);
    assert.match(await run.ok('task', 'approve', '1', '--notes', 'fine', '--as', 'lead'), /^Approved: #1 Deploy/);
    const { code, stdout } = await waiting.finished;
    assert.equal(code, 0);
    assert.match(stdout, /✓ completed/);
    const task = await run.json<{ approvals: { decided_by: string; notes: string }[] }>('task', 'show', '1');
    assert.deepEqual([task.approvals[0]?.decided_by, task.approvals[0]?.notes], ['lead', 'fine']);
  });

  it('rejects with the reason, and the wait fails', async (context) => {
    const run = cli(context);
    await run.ok(
      'task',
      'create',
      'Deploy',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo out',
      '--requires-approval',
    );
    const waiting = run.start('task', 'start', '1', '--wait');
    await until('it waits', () => waiting.stdout().includes('task approve'));
    await run.ok('task', 'reject', '1', '--reason', 'Need additional testing');
    assert.equal((await waiting.finished).code, 1);
  });

  it('detaches with Ctrl-C and leaves the task running', async (context) => {
    const run = cli(context);
    const flag = join(run.folder, 'go');
    const script = `echo begun; while [ ! -e '${flag}' ]; do sleep 0.05; done; echo ended`;
    await run.ok('task', 'create', 'Long', '--assigned-to', 'SHELL', '--instructions', script);
    const waiting = run.start('task', 'start', '1', '--wait');
    await until('it runs', () => waiting.stdout().includes('begun'));
    waiting.child.kill('SIGINT');
    const { code, stderr } = await waiting.finished;
    assert.equal(code, 130);
    assert.match(stderr, /#1 Long continues: systemprompt task watch 1/);
    const watching = run.start('task', 'watch', '1');
    await until('it is watched', () => watching.stdout().includes('begun'));
    writeFileSync(flag, '');
    assert.equal((await watching.finished).code, 0);
    assert.match(watching.stdout(), /ended[\s\S]*✓ completed|✓ completed[\s\S]*ended/);
  });

  it('starts several tasks at once and labels their lines', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'One', '--assigned-to', 'SHELL', '--instructions', 'echo from one');
    await run.ok(
      'task',
      'create',
      'Two',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo from two',
      '--depends-on',
      'One',
    );
    const { code, stdout } = await run('task', 'start', 'Two', 'One', '--wait');
    assert.equal(code, 0);
    assert.match(stdout, /#1 {2}.*from one/);
    assert.match(stdout, /#2 {2}.*from two/);
    const [one, two] = await Promise.all([1, 2].map((number) => run.json<Times>('task', 'show', String(number))));
    assert.ok((one?.completed_at ?? '?') <= (two?.started_at ?? ''), 'the dependency came first');
  });

  it('follows a log until the task ends', async (context) => {
    const run = cli(context);
    await run.ok(
      'task',
      'create',
      'Count',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'for i in 1 2 3; do echo n$i; sleep 0.1; done',
    );
    const following = run.start('task', 'logs', '1', '--follow', '--type', 'output', '--json');
    await run.ok('task', 'start', '1');
    const { code, stdout } = await following.finished;
    assert.equal(code, 0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message);
    assert.deepEqual(lines, ['n1', 'n2', 'n3']);
  });

  it('cancels running tasks', async (context) => {
    const run = cli(context);
    const made = await run.ok(
      'task',
      'create',
      'Long',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo begun; sleep 60',
      '--start',
    );
    assert.doesNotMatch(made, /Start it/);
    await until('it runs', async () => (await run.ok('task', 'logs', '1')).includes('begun'));
    assert.match(await run.ok('task', 'cancel', '1', '--reason', 'enough'), /Cancelled #1 Long \(– cancelled\)/);
    assert.match(await run.ok('task', 'show', '1', '--history'), /→ cancelled {2}enough/);
  });

  it('runs tasks in the foreground until Ctrl-C', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Wait', '--assigned-to', 'SHELL', '--instructions', 'echo begun; sleep 60');
    const worker = run.start('worker', '--parallel', '1');
    await until('the worker is there', () => worker.stdout().includes('runs the tasks of'));
    await run.ok('task', 'start', '1');
    await until('it runs', async () => (await run.ok('task', 'logs', '1')).includes('begun'));
    worker.child.kill('SIGINT');
    const { code, stdout } = await worker.finished;
    assert.equal(code, 0);
    assert.match(stdout, /Stopping/);
    const task = await run.json<{ status: string; pause_reason: string }>('task', 'show', '1');
    assert.deepEqual([task.status, task.pause_reason], ['paused', 'interrupted']);
  });

  it('works from a subfolder and in the folder of -C', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Here');
    const elsewhere = tempFolder(context);
    const there = cli(context, run.folder, elsewhere);
    assert.match(await there.ok('-C', run.folder, 'task', 'list'), /Here/);
    assert.match(await there.ok('task', 'list', '-C', run.folder), /Here/);
    assert.match(await there.ok('task', 'list'), /no tasks here yet/);
    assert.deepEqual(readdirSync(elsewhere), []);
    const below = cli(context, run.folder, join(run.folder, '.systemprompt'));
    assert.match(await below.ok('task', 'list'), /Here/);
  });
});
