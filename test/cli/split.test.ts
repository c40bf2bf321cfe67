import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { cli } from './cli.ts';

describe('task split', () => {
  it('shows the parts first if no strategy is named, and splits with --yes', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Whole', '--assigned-to', 'SHELL', '--instructions', 'true');
    const preview = await run.ok('task', 'split', '1');
    assert.match(preview, /^Preview of 3 tasks; nothing was created:/);
    assert.match(preview, /Split it: systemprompt task split 1 --yes\n$/);
    const json = await run.json<{ applied: boolean }>('task', 'split', '1');
    assert.equal(json.applied, false);
    assert.equal((await run.json<{ total: number }>('task', 'list')).total, 1);
    assert.match(await run.ok('task', 'split', '1', '--yes'), /^Created 3 tasks:/);
  });

  it('splits at once by a strategy that the person names', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Whole', '--assigned-to', 'SHELL', '--instructions', 'true');
    assert.match(await run.ok('task', 'split', '1', '--num-subtasks', '2'), /^Created 2 tasks:/);
  });
});

describe('task merge-parts', () => {
  it('combines the parts, refuses a script for conflicts, and reports merged work as merged', async (context) => {
    const run = cli(context);
    testRepository(run.folder).commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const script = 'n=$(basename "$PWD" | cut -d- -f1); echo "$n" > "part-$n.txt"';
    await run.ok('task', 'create', 'Whole', '--assigned-to', 'SHELL', '--instructions', script);
    await run.ok('task', 'split', '1', '--num-subtasks', '2', '--start', '--yes');
    await run.ok('task', 'watch', '1');
    assert.match(
      await run.ok('task', 'show', '1'),
      /changes +of 2 parts on their own branches: systemprompt task merge-parts 1\n/,
    );
    const { code, stderr } = await run('task', 'merge-parts', '1', '--agent', 'SHELL');
    assert.equal(code, 2);
    assert.match(stderr, /SHELL runs scripts and reads no prompt\./);
    assert.match(await run.ok('task', 'merge-parts', '1'), /^Merged 2 parts of #1 on systemprompt\/1-whole:/);
    await run.ok('task', 'merge', '1');
    assert.equal(await run.ok('task', 'merge-parts', '1'), 'The work of the parts of #1 is merged.\n');
    assert.match(await run.ok('task', 'show', '1'), /changes +merged\n/);
  });
});

describe('export', () => {
  it('reports tasks that are nested too deeply for a plan', async (context) => {
    const run = cli(context);
    const level = (at: number): object => ({
      title: `Level ${at}`,
      kind: 'group',
      ...(at === 20 ? {} : { children: [level(at + 1)] }),
    });
    await run.input(JSON.stringify({ items: [level(1)] }), 'plan', 'apply', '-');
    for (const parent of ['20', '21']) await run.ok('task', 'create', `Below ${parent}`, '--parent-task', parent);
    const { stdout, stderr, code } = await run('export');
    assert.equal(code, 0);
    assert.ok(stdout.includes('Level 20') && !stdout.includes('Below'));
    assert.match(stderr, /2 tasks are nested more than 20 levels deep\. They were not exported\./);
  });
});

describe('task create --from', () => {
  it('creates the tasks of a plan from standard input or a file, as plan apply does', async (context) => {
    const run = cli(context);
    const plan = 'items:\n  - title: One\n  - title: Two\n    dependsOn: [One]\n';
    const { stdout } = await run.input(plan, 'task', 'create', '--from', '-', '--tool', 'SHELL', '--project', 'Shop');
    assert.match(stdout, /^Created 2 tasks:\n#1 One \(SHELL\)\n#2 Two \(SHELL, after #1\)/);
    await writeFile(join(run.folder, 'plan.yml'), plan);
    await run.ok('task', 'create', '--from', 'plan.yml');
    assert.equal((await run.json<{ total: number }>('task', 'list', '--project', 'Shop')).total, 2);
    const refused = await run('task', 'create', 'A title', '--from', 'plan.yml');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /A plan names the title of each of its tasks\./);
    assert.equal((await run.json<{ total: number }>('task', 'list')).total, 4);
  });

  it('names the item of a fault, not a flag', async (context) => {
    const run = cli(context);
    const { stderr, code } = await run.input('project: 3\nitems: [{ title: One }]', 'plan', 'apply', '-');
    assert.equal(code, 2);
    assert.match(stderr, /^error: The plan: project: /);
  });
});
