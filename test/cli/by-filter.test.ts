import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cli } from './cli.ts';

interface Listed {
  readonly tasks: readonly { number: number; status: string; depends_on: string[]; parent_id?: string; id: string }[];
}

const shell = ['--assigned-to', 'SHELL', '--isolation', 'none'];

describe('bulk actions by filter', () => {
  it('change the tasks that match and that the action fits, after --yes', async (context) => {
    const run = cli(context);
    for (const label of ['api', 'api', 'ui']) {
      await run.ok('task', 'create', `One of ${label}`, '--label', label, '--instructions', 'true', ...shell);
    }
    const asked = await run('task', 'complete', '--filter', 'label:api is:pending');
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /The filter matches 2 tasks\. Nothing was changed\.[\s\S]*--yes/);
    assert.match(await run.ok('task', 'complete', '1'), /Completed #1/);
    // The completed one matches as well, and is left out.
    assert.equal(
      await run.ok('task', 'complete', '--filter', 'label:api', '--yes'),
      'Completed #2 One of api (✓ completed)\n',
    );
    const { tasks } = await run.json<Listed>('task', 'list', '--sort', 'number');
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['completed', 'completed', 'pending'],
    );
  });

  it('start and wait, cancel and delete', async (context) => {
    const run = cli(context);
    for (const title of ['One', 'Two', 'Three']) {
      await run.ok('task', 'create', title, '--project', 'Shop', '--instructions', 'true', ...shell);
    }
    await run.ok('task', 'start', '--filter', 'project:Shop one', '--yes', '--wait');
    const cancelled = await run.json<Listed>('task', 'cancel', '--filter', 'project:Shop', '--yes');
    assert.deepEqual(
      cancelled.tasks.map(({ number, status }) => [number, status]),
      [
        [2, 'cancelled'],
        [3, 'cancelled'],
      ],
    );
    await run.ok('task', 'delete', '--filter', 'is:cancelled', '--yes');
    assert.equal((await run.json<Listed>('task', 'list')).tasks.length, 1);
  });

  it('report a filter without a match, and a call with both or neither', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'One', ...shell);
    const none = await run('task', 'start', '--filter', 'label:none', '--yes');
    assert.deepEqual([none.code, none.stderr], [0, 'No task matches the filter.\n']);
    const unfit = await run('task', 'pause', '--filter', 'one', '--yes');
    assert.deepEqual([unfit.code, unfit.stderr], [0, 'The filter matches only tasks that it cannot pause: 1.\n']);
    assert.match((await run('task', 'start', '1', '--filter', 'one')).stderr, /Both tasks and a filter are given/);
    const empty = await run('task', 'start');
    assert.deepEqual([empty.code, /No task is named/.test(empty.stderr)], [2, true]);
    assert.match((await run('task', 'start', '--filter', 'is:nonsense', '--yes')).stderr, /nonsense/);
  });
});

describe('a title of several tasks', () => {
  it('means the one of the project that is given', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Design', '--project', 'Shop', ...shell);
    await run.ok('task', 'create', 'Design', '--project', 'Site', ...shell);
    const ambiguous = await run('task', 'create', 'Build', '--depends-on', 'Design', ...shell);
    assert.match(ambiguous.stderr, /"Design" can mean 2 tasks/);
    await run.ok('task', 'create', 'Build', '--depends-on', 'Design', '--project', 'Site', ...shell);
    await run.ok('task', 'create', 'Colours', '--parent-task', 'Design', '--project', 'Shop', ...shell);
    await run.ok('task', 'update', 'Colours', '--depends-on', 'none');
    const { tasks } = await run.json<Listed>('task', 'list', '--sort', 'number');
    const [shop, site, build, colours] = tasks;
    assert.deepEqual(build?.depends_on, [site?.id]);
    assert.equal(colours?.parent_id, shop?.id);
    const parts = await run.json<Listed>('task', 'list', '--project', 'Shop', '--parent-task', 'Design');
    assert.deepEqual(
      parts.tasks.map(({ number }) => number),
      [colours?.number],
    );
  });
});
