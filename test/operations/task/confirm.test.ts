import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskConfirm } from '../../../src/operations/task/confirm.ts';
import { taskRestart } from '../../../src/operations/task/restart.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { type Bench, bench, logged } from '../context.ts';

async function fromOutside(on: Bench, params: Parameters<Bench['store']['createTask']>[0]): Promise<TaskRecord> {
  const { id } = await on.store.createTask(params);
  return on.store.transact('test.outside', (draft) => draft.patch(id, { from_outside: true }));
}

const script = { title: 'Foreign', tool: 'SHELL', instructions: 'echo one' } as const;

test('a task from outside starts after a person confirmed exactly the displayed content', async (context) => {
  const on = await bench(context);
  await fromOutside(on, { ...script, constraints: { allowed_tools: ['web_search'] }, assignee: 'fast' });
  const refused = await on.refused(taskStart, { tasks: ['1'] }, 'NotConfirmed');
  assert.deepEqual(refused.next[0], {
    kind: 'operation',
    operation: 'task.confirm',
    input: { tasks: [1] },
    label: 'Review and confirm it',
  });
  const shown = await on.run(taskConfirm, { tasks: ['1'] });
  assert.deepEqual(shown.tasks, [
    { number: 1, title: 'Foreign', agent: 'SHELL', model: 'fast', order: 'echo one', tools: ['web_search'] },
  ]);
  assert.equal(shown.confirmed, false);
  assert.equal(on.store.view.byNumber(1)?.from_outside, true, 'showing confirms nothing');

  await on.store.updateTask('1', { instructions: 'echo two' });
  await on.refused(taskConfirm, { tasks: ['1'], digest: shown.digest ?? '' }, 'ChangedSinceShown');
  assert.equal(on.store.view.byNumber(1)?.from_outside, true);

  const again = await on.run(taskConfirm, { tasks: ['1'] });
  assert.equal((await on.run(taskConfirm, { tasks: ['1'], digest: again.digest ?? '' })).confirmed, true);
  const [started] = (await on.run(taskStart, { tasks: ['1'] })).tasks;
  assert.ok(started?.queued_at !== undefined);
  assert.equal(started.history.at(-1)?.by, 'Ada <ada@example.com>');
  await logged(on.store, '1', /^Confirmation: missing → given\. Changed by Ada/);
  assert.equal((await on.run(taskConfirm, { tasks: ['1'] })).digest, null);
});

test('every part that would run is in the digest', async (context) => {
  const on = await bench(context);
  const { id } = await fromOutside(on, { ...script, tool: 'OPENCODE' });
  const seen = new Set<string | null>();
  const look = async (): Promise<void> => {
    const { digest } = await on.run(taskConfirm, {});
    assert.ok(!seen.has(digest));
    seen.add(digest);
  };
  await look();
  const changes = [
    { title: 'Other' },
    { description: 'Other' },
    { instructions: 'rm -rf .' },
    { acceptance_criteria: ['done'] },
    { assignee: 'slow' },
    { tool: 'SHELL' },
    { constraints: { allowed_tools: [] } },
    { workflow: [{ agent: 'SHELL', phase: 'a', instructions: 'touch evil' }] },
  ] satisfies Partial<TaskRecord>[];
  for (const change of changes) {
    await on.store.transact('test.change', (draft) => draft.patch(id, change));
    await look();
  }
});

test('without tasks it covers all open ones, and an ended one only by name', async (context) => {
  const on = await bench(context);
  await fromOutside(on, script);
  await on.store.createTask({ ...script, title: 'Mine' });
  const ended = await fromOutside(on, { ...script, title: 'Ended' });
  await on.store.updateTask(ended.id, { status: 'completed' });
  const { tasks, digest } = await on.run(taskConfirm, {});
  assert.deepEqual(
    tasks.map(({ number }) => number),
    [1],
  );
  await on.run(taskConfirm, { digest: digest ?? '' });
  assert.equal(on.store.view.byNumber(1)?.from_outside, undefined);
  await on.refused(taskRestart, { tasks: ['3'] }, 'NotConfirmed');
  const named = await on.run(taskConfirm, { tasks: ['3'] });
  await on.run(taskConfirm, { tasks: ['3'], digest: named.digest ?? '' });
  await on.run(taskRestart, { tasks: ['3'] });
});

test('in a restricted folder the content is shown, and nothing is confirmed', async (context) => {
  const on = await bench(context, { trusted: false });
  await fromOutside(on, script);
  const { digest } = await on.run(taskConfirm, {});
  await on.refused(taskConfirm, { digest: digest ?? '' }, 'Untrusted');
  assert.equal(on.store.view.byNumber(1)?.from_outside, true);
});
