import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { jqOrSkip } from '../support/jq.ts';
import { cli } from './cli.ts';

/** A program that stands for a text editor: it changes the file in its own way. */
async function editor(folder: string, script: string): Promise<NodeJS.ProcessEnv> {
  const path = join(folder, 'editor.sh');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { VISUAL: '', EDITOR: path };
}

describe('editing in a text editor', () => {
  it('changes the fields that the person changed, and no other', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Old title', '--label', 'a', '--assigned-to', 'SHELL', '--instructions', 'true');
    const env = await editor(run.folder, 'sed -i "s/^title: .*/title: New title/" "$1"');
    const edits = cli(context, run.folder, undefined, env);
    assert.match(await edits.ok('task', 'edit', '@last'), /Changed #1 New title/);
    const task = await run.json<{ title: string; labels: string[]; history: unknown[] }>('task', 'show', '1');
    assert.deepEqual([task.title, task.labels, task.history], ['New title', ['a'], []]);
  });

  it('keeps the text when it is refused, and changes nothing for an empty file or a failed editor', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'One');
    const broken = cli(context, run.folder, undefined, await editor(run.folder, 'echo "title: [" > "$1"'));
    const refused = await broken('task', 'edit', '1');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /line 1|line 2/);
    assert.match(refused.stderr, /Your text is kept\. Edit it again:\n.*task edit 1 --from '.*task-1\.yml'/);
    const empty = cli(context, run.folder, undefined, await editor(run.folder, ': > "$1"'));
    assert.match((await empty('task', 'edit', '1')).stderr, /Nothing was changed/);
    const failing = cli(context, run.folder, undefined, await editor(run.folder, 'exit 3'));
    assert.match((await failing('task', 'edit', '1')).stderr, /exit code 3/);
    assert.equal((await run.json<{ revision: number }>('task', 'show', '1')).revision, 1);
  });

  it('creates a task from the edited text', async (context) => {
    const run = cli(context);
    const env = await editor(run.folder, 'sed -i "s/^title: .*/title: Written/; s/^labels: .*/labels: [x]/" "$1"');
    await cli(context, run.folder, undefined, env).ok(
      'task',
      'create',
      '--edit',
      '--assigned-to',
      'SHELL',
      '--review',
      'required',
    );
    const task = await run.json<Record<string, unknown>>('task', 'show', 'Written');
    assert.deepEqual([task.labels, task.tool, task.review], [['x'], 'SHELL', 'required']);
  });
});

describe('watching', () => {
  it('follows several tasks, and exits with 1 if one failed (F176)', async (context) => {
    const run = cli(context);
    for (const script of ['true', 'exit 3']) {
      await run.ok(
        'task',
        'create',
        script,
        '--assigned-to',
        'SHELL',
        '--instructions',
        script,
        '--project',
        'P',
        '--start',
      );
    }
    const watched = await run('task', 'watch', '--project', 'P');
    assert.equal(watched.code, 1, watched.stdout);
    const again = await run('task', 'watch', '--project', 'P');
    assert.equal(again.code, 1);
    assert.match(again.stdout, /#2 exit 3: .*failed/, 'the reason of the exit code is visible');
    assert.equal((await run('task', 'watch', '1')).code, 0);
    assert.equal((await run('task', 'watch', '1', '2')).code, 1);
    assert.equal((await run('task', 'watch')).code, 2);
    assert.equal((await run('task', 'watch', '1', '--all')).code, 2);
  });
});

describe('values on the command line', () => {
  it('can have units, and numbers of tasks can have commas', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    await run.ok('task', 'create', 'B');
    const limits = ['--budget-tokens', '200k', '--budget-minutes', '1h30m', '--budget-cost', '$2.50'];
    const made = await run.json<{ constraints: unknown; depends_on: string[] }>(
      'task',
      'create',
      'C',
      ...limits,
      '--depends-on',
      '1,2',
    );
    assert.deepEqual(made.constraints, { max_tokens: 200_000, max_duration_minutes: 90, max_cost_usd: 2.5 });
    assert.equal(made.depends_on.length, 2);
  });

  it('never hide a title in a list option', async (context) => {
    const run = cli(context);
    const refused = await run('task', 'create', '--description', 'D', '--label', 'a', 'My title');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--label took "My title"/);
  });

  it('print as JSON with chosen fields, and without colours', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    assert.deepEqual(JSON.parse(await run.ok('task', 'list', '--fields', 'number,title')).tasks, [
      { number: 1, title: 'A' },
    ]);
    const coloured = cli(context, run.folder, undefined, { FORCE_COLOR: '1' });
    assert.ok((await coloured.ok('task', 'list')).includes('\u001b['));
    assert.ok(!(await coloured.ok('task', 'list', '--no-color')).includes('\u001b['));
  });

  it('print JSON that jq filters, without control characters', { skip: jqOrSkip() }, async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A "quoted" title');
    await run.ok('task', 'create', 'Red \u001b[31m');
    const titles = await run.ok('task', 'list', '--sort', 'number', '--jq', '.tasks[] | "\\(.number) \\(.title)"');
    assert.ok(titles.startsWith('1 A "quoted" title\n2 Red'), titles);
    assert.ok(!titles.includes('\u001b'), titles);
    assert.equal(await run.ok('--jq=-.total', 'task', 'list', '--fields', 'number'), '-2\n');
    const refused = await run('task', 'list', '--jq', '.tasks[');
    assert.deepEqual([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, /jq could not apply the expression/);
    const without = await cli(context, run.folder, undefined, { PATH: '' })('task', 'list', '--jq', '.');
    assert.match(without.stderr, /The program jq is not installed/);
  });

  it('show subtasks below their parents, with chosen columns', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Whole', '--group');
    await run.ok('task', 'create', 'Part', '--parent-task', '1');
    await run.ok('task', 'create', 'Inner', '--parent-task', '2');
    assert.deepEqual((await run.ok('task', 'list', '--tree', '--columns', 'number')).trimEnd().split('\n'), [
      '#  TITLE',
      '1  Whole',
      '2  └ Part',
      '3    └ Inner',
    ]);
    assert.equal((await run('task', 'list', '--columns', 'colour')).code, 2);
  });
});

describe('completion', () => {
  it('prints candidates of the folder with -C, and never an error', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Fix it');
    assert.match(await run.ok('__complete', 'task', 'show', ''), /^1\tFix it$/m);
    assert.equal((await run('__complete', '-C', '/nowhere', 'task', 'show', '')).stderr, '');
    assert.match(await run.ok('completion', 'bash'), /complete -o default -F _systemprompt systemprompt/);
  });
});

describe('inbox', () => {
  it('goes through requests and decides them', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Deploy', '--assigned-to', 'SHELL', '--instructions', 'true', '--requires-approval');
    await run.ok('task', 'start', '1');
    assert.match(await run.ok('inbox'), /asks {2}#1 Deploy[\s\S]*systemprompt task approve 1/);
    const unsure = await run.input('zzz\n', 'inbox', '--decide');
    assert.equal((await run.json<{ status: string }>('task', 'show', '1')).status, 'paused', unsure.stdout);
    assert.equal((await run('inbox', '--decide', '--json')).code, 2);
    const decided = await run.input('r\nNot today\n', 'inbox', '--decide');
    assert.equal(decided.code, 0, decided.stderr);
    assert.match(decided.stdout, /Rejected: #1 Deploy/);
    const { error } = await run.json<{ error: string }>('task', 'show', '1');
    assert.match(error, /Not today/);
    assert.match(await run.ok('inbox', '--need', 'approval'), /Nothing needs you/);
  });
});

describe('dashboard', () => {
  it('is refused without a terminal', async (context) => {
    const run = cli(context);
    const refused = await run('dashboard');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /needs a terminal/);
  });
});
