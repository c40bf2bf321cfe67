import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

/** A program that stands for a text editor: it changes the file in its own way. */
async function editor(folder: string, script: string): Promise<NodeJS.ProcessEnv> {
  const path = join(folder, 'editor.sh');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { VISUAL: '', EDITOR: path };
}

describe('a task for SHELL', () => {
  it('without a script names the command that adds one, and does not start', async (context) => {
    const run = cli(context);
    const created = await run.ok('task', 'create', 'Run it', '--tool', 'SHELL');
    assert.match(created, /no script yet[^\n]*\n\s+systemprompt task update 1 --instructions/);
    assert.doesNotMatch(created, /task start 1/);
    const refused = await run('task', 'start', '1');
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /nothing to run without instructions[\s\S]*systemprompt task update 1 --instructions "…"/,
    );
  });

  it('warns about limits of tokens and cost, and is matched to the shell', async (context) => {
    const run = cli(context);
    const words = ['task', 'create', 'Limited', '--tool', 'SHELL', '--instructions', 'true'];
    assert.match(await run.ok(...words, '--budget-tokens', '50'), /only limits of time stop it/);
    assert.doesNotMatch(await run.ok(...words, '--budget-minutes', '5'), /only limits of time/);
    assert.match(await run.ok('task', 'update', '2', '--budget-cost', '1'), /only limits of time stop it/);
    assert.doesNotMatch(await run.ok('task', 'update', '2', '--priority', 'high'), /only limits of time/);
    const { matches } = await run.json<{ matches: { agent: string }[] }>('task', 'match', '1');
    assert.deepEqual(
      matches.map(({ agent }) => agent),
      ['SHELL'],
    );
  });
});

it('a name that is close to an agent does not become a model', async (context) => {
  const run = cli(context);
  for (const [name, meant] of [
    ['claude', 'CLAUDECODE'],
    ['claudcode', 'CLAUDECODE'],
    ['codx', 'CODEX'],
  ] as const) {
    const refused = await run('task', 'create', 'A', '--assigned-to', name);
    assert.equal(refused.code, 3, refused.stdout);
    assert.match(refused.stderr, new RegExp(`There is no agent "${name}"[\\s\\S]*Did you mean "${meant}"`));
  }
  assert.match(await run.ok('task', 'create', 'A', '--assigned-to', 'claude-code'), /for CLAUDECODE\n/);
  assert.match(await run.ok('task', 'create', 'A', '--assigned-to', 'sonnet'), /CLAUDECODE with the model sonnet/);
  const both = ['--tool', 'CLAUDECODE', '--assigned-to', 'claude'];
  assert.match(await run.ok('task', 'create', 'A', ...both), /CLAUDECODE with the model claude/);
});

it('next explains why the other tasks cannot start', async (context) => {
  const run = cli(context, undefined, undefined, { PATH: '/usr/bin:/bin' });
  await run.ok('task', 'create', 'For an agent', '--tool', 'CODEX');
  await run.ok('task', 'create', 'After it', '--tool', 'SHELL', '--instructions', 'true', '--depends-on', '1');
  const blocked = await run.ok('next');
  assert.match(blocked, /No task can start now\.\n#1 For an agent waits for its agent to be installed\./);
  assert.match(blocked, /#2 After it waits for #1\./);
  assert.doesNotMatch(blocked, /inbox/, 'nothing needs the person');
  await run.ok('task', 'create', 'Now', '--tool', 'SHELL', '--instructions', 'true');
  assert.match(await run.ok('next'), /Start it: systemprompt task start 3\n#1 For an agent waits/);
  const { tasks, waiting, waiting_total } = await run.json<Record<string, { number: number }[]>>('next');
  assert.deepEqual([tasks?.length, waiting?.map(({ number }) => number), waiting_total], [1, [1, 2], 2]);
});

it('--uncounted works with --wait', async (context) => {
  const run = cli(context, undefined, undefined, { PATH: '/usr/bin:/bin' });
  await run.ok('task', 'create', 'Limited', '--tool', 'CODEX', '--budget-cost', '1');
  const refused = await run('task', 'start', '1', '--wait');
  assert.match(refused.stderr, /reports no cost/);
  const accepted = await run('task', 'start', '1', '--wait', '--uncounted');
  assert.doesNotMatch(accepted.stderr, /reports no cost/);
  assert.match(accepted.stderr, /Codex/, 'it is not installed');
});

describe('editing', () => {
  it('opens a refused text again', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'One');
    const broken = await editor(run.folder, 'sed -i "s/^priority: .*/priority: hgih/" "$1"');
    const refused = await cli(context, run.folder, undefined, broken)('task', 'edit', '1');
    assert.equal(refused.code, 2);
    const [, command, file = ''] = /systemprompt (task edit 1 --from) '(.*)'\n/.exec(refused.stderr) ?? [];
    assert.equal(command, 'task edit 1 --from', refused.stderr);
    assert.match(readFileSync(file, 'utf8'), /hgih/);
    const mending = await editor(run.folder, 'sed -i "s/hgih/high/" "$1"');
    await cli(context, run.folder, undefined, mending).ok('task', 'edit', '1', '--from', file);
    assert.equal((await run.json('task', 'show', '1')).priority, 'high');
  });

  it('without a terminal and without EDITOR is refused with the options', async (context) => {
    const run = cli(context, undefined, undefined, { VISUAL: '', EDITOR: '' });
    await run.ok('task', 'create', 'One');
    const refused = await run('task', 'edit', '1');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /no terminal[\s\S]*Set EDITOR[\s\S]*options/);
  });
});

describe('next steps lead somewhere', () => {
  it('after a task ended without changes, and before it ran', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'One', '--tool', 'SHELL', '--instructions', 'true');
    for (const verb of ['merge', 'discard']) {
      assert.match((await run('task', verb, '1')).stderr, /it has not run[\s\S]*systemprompt task start 1/);
    }
    assert.match((await run('task', 'approve', '1')).stderr, /no pending request[\s\S]*systemprompt inbox/);
    assert.match((await run('task', 'add-dependency', '1', '1')).stderr, /cannot depend on itself/);
    await run.ok('task', 'start', '1', '--wait');
    for (const verb of ['merge', 'discard']) {
      assert.match((await run('task', verb, '1')).stderr, /changed no file[\s\S]*systemprompt task logs 1/);
    }
    const again = await run('task', 'restart', '1', '--wait');
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /completed/);
  });
});

it('an argument is named as an argument, an option as an option', async (context) => {
  const run = cli(context);
  assert.match((await run('completion', 'fisch')).stderr, /<shell>: "fisch" is not one of/);
  assert.match((await run('task', 'list', '--priority', 'hgih')).stderr, /--priority: "hgih"/);
});

it('history names a person once', async (context) => {
  const run = cli(context);
  await run.ok('task', 'create', 'Gated', '--tool', 'SHELL', '--instructions', 'true', '--requires-approval');
  await run.ok('task', 'start', '1');
  await run.ok('--as', 'ada', 'task', 'approve', '1');
  const history = await run.ok('task', 'history', '1');
  assert.match(history, /approved by ada\n/);
  assert.doesNotMatch(history, /by ada, by ada/);
});

it('a repository inside of the folder is named before a change', async (context) => {
  const run = cli(context);
  repository(run.folder);
  await run.ok('task', 'create', 'Outer');
  const inner = join(run.folder, 'lib');
  mkdirSync(inner);
  const plain = await cli(context, run.folder, inner)('task', 'create', 'Subfolder');
  assert.equal(plain.stderr, '');
  repository(inner);
  const nested = cli(context, run.folder, inner);
  assert.match((await nested('task', 'create', 'Inner')).stderr, /separate repository[\s\S]*add: -C \./);
  assert.equal((await nested('task', 'list')).stderr, '', 'reading needs no note');
  assert.equal((await nested('-C', '.', 'task', 'create', 'Own')).stderr, '');
  assert.equal((await nested.json<{ total: number }>('-C', '.', 'task', 'list')).total, 1);
});

it('status shows the slots of the worker that runs', async (context) => {
  const run = cli(context);
  await run.ok('task', 'create', 'One');
  const worker = run.start('worker', '--parallel', '7');
  await run.ok('task', 'list');
  await until('the worker runs', () => /Worker \d+ runs/.test(worker.stdout()));
  assert.equal((await run.json('queue', 'status')).max_parallel, 7);
  worker.child.kill('SIGTERM');
  await worker.finished;
  assert.equal((await run.json('queue', 'status')).max_parallel, 2);
});

function repository(folder: string): void {
  const git = (...words: string[]): void => void execFileSync('git', ['-C', folder, ...words], { stdio: 'ignore' });
  git('init', '-q');
  git('-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-q', '--allow-empty', '-m', 'first');
}
