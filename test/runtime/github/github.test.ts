import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { importTasks } from '../../../src/operations/plan/import.ts';
import { closeIssue } from '../../../src/runtime/github/close-issue.ts';
import { type Bench, bench } from '../../operations/context.ts';
import { fakeGh } from '../../support/fake-gh.ts';

const repo = '{"nameWithOwner":"acme/shop","url":"https://github.com/acme/shop"}\n';
const issues = [
  { number: 3, title: 'Fix the total', body: '- [ ] Add a test', state: 'OPEN', labels: { nodes: [{ name: 'bug' }] } },
  { number: 5, title: 'Old', body: '', state: 'CLOSED', stateReason: 'COMPLETED' },
];
const answers = {
  'repo view': repo,
  'api graphql': issues.map((each) => `${JSON.stringify(each)}\n`).join(''),
  'issue close': '',
};

const messages = async ({ store }: Bench, title: string): Promise<string[]> => {
  const { entries } = await store.getLogs(store.resolve(title).id);
  return entries.map(({ message }) => message);
};

describe('import github', () => {
  it('creates the tasks of the issues, queues none, and updates them again', async (context: TestContext) => {
    const tasks = await bench(context);
    const { calls } = fakeGh(context, tasks.store.folder, answers);
    const { format, tasks: made } = await tasks.run(importTasks, { path: 'github', closed: true });
    assert.equal(format, 'github');
    assert.deepEqual(
      made.map(({ title, kind }) => `${title} ${kind}`),
      ['Fix the total group', 'Add a test work', 'Old work'],
    );
    const all = await tasks.store.getTasks();
    assert.ok(all.every((task) => task.queued_at === undefined));
    assert.deepEqual(
      all.map(({ status }) => status),
      ['pending', 'pending', 'completed'],
    );
    const again = await tasks.run(importTasks, { path: 'github:acme/shop', closed: true });
    assert.ok(again.tasks.every(({ change }) => change === 'unchanged'));
    const [view, query, second] = calls();
    assert.deepEqual(view, ['repo', 'view', '--json', 'nameWithOwner,url']);
    assert.deepEqual(second, ['repo', 'view', 'acme/shop', '--json', 'nameWithOwner,url']);
    assert.ok(query?.includes('owner=acme') && query.some((word) => word.includes('states: [OPEN, CLOSED]')));
  });

  it('asks for open issues only by default', async (context: TestContext) => {
    const tasks = await bench(context);
    const { calls } = fakeGh(context, tasks.store.folder, answers);
    await tasks.run(importTasks, { path: 'github', dryRun: true });
    assert.ok(calls()[1]?.some((word) => word.includes('states: [OPEN]')));
    assert.equal((await tasks.store.getTasks()).length, 0);
  });

  it('refuses other names, and reports a failing or missing gh', async (context: TestContext) => {
    const tasks = await bench(context);
    const { calls } = fakeGh(context, tasks.store.folder, {});
    for (const path of ['github:', 'github:--help', 'github:--web/x', 'github:a b/c', 'github:acme']) {
      await tasks.refused(importTasks, { path }, 'InvalidInput');
    }
    assert.deepEqual(calls(), []);
    await tasks.refused(importTasks, { path: 'github' }, 'InvalidInput');
    process.env['PATH'] = '/nonexistent';
    await assert.rejects(tasks.run(importTasks, { path: 'github' }), /not on the PATH/);
  });
});

it('reads and closes issues of GitHub Enterprise on its own host', async (context: TestContext) => {
  const tasks = await bench(context);
  const view = '{"nameWithOwner":"acme/shop","url":"https://git.example.com/acme/shop"}';
  const { calls } = fakeGh(context, tasks.store.folder, { ...answers, 'repo view': view });
  await tasks.run(importTasks, { path: 'github:git.example.com/acme/shop' });
  await closeIssue(tasks.store, tasks.store.resolve('Fix the total'));
  const [, query = [], close = []] = calls();
  assert.equal(query[query.indexOf('--hostname') + 1], 'git.example.com');
  assert.equal(close[close.indexOf('--repo') + 1], 'git.example.com/acme/shop');
});

describe('closeIssue', () => {
  it('closes the issue once, with a comment, for several processes that see the completion', async (context: TestContext) => {
    const tasks = await bench(context);
    const { calls } = fakeGh(context, tasks.store.folder, answers);
    await tasks.run(importTasks, { path: 'github' });
    const task = tasks.store.resolve('Fix the total');
    const closed = await Promise.all([1, 2, 3].map(() => closeIssue(tasks.store, task)));
    assert.equal(closed.filter(Boolean).length, 1);
    const closing = calls().filter(([, verb]) => verb === 'close');
    assert.equal(closing.length, 1);
    const comment = 'The task for this issue is completed.';
    const words = ['issue', 'close', '3', '--repo', 'acme/shop', '--reason', 'completed', '--comment', comment];
    assert.deepEqual(closing[0], words);
    assert.ok((await messages(tasks, 'Fix the total')).includes('Closed issue #3 of acme/shop.'));
  });

  it('logs a failure, and leaves tasks of other sources and lines of task lists alone', async (context: TestContext) => {
    const tasks = await bench(context);
    const { 'issue close': _, ...others } = answers;
    const { calls } = fakeGh(context, tasks.store.folder, others);
    await tasks.run(importTasks, { path: 'github' });
    assert.equal(await closeIssue(tasks.store, tasks.store.resolve('Add a test')), false);
    assert.equal(calls().filter(([, verb]) => verb === 'close').length, 0);
    const forged = { source: { tool: 'github', file: '--web', id: '3' } };
    assert.equal(await closeIssue(tasks.store, { ...tasks.store.resolve('Add a test'), metadata: forged }), false);
    assert.equal(await closeIssue(tasks.store, tasks.store.resolve('Fix the total')), false);
    assert.match((await messages(tasks, 'Fix the total')).join('\n'), /was not closed: gh failed: the fake gh refuses/);
  });
});
