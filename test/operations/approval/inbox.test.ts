import assert from 'node:assert/strict';
import { it } from 'node:test';
import { requestApproval } from '../../../src/core/task/request.ts';
import { inbox } from '../../../src/operations/approval/inbox.ts';
import { bench, taken } from '../context.ts';

it('lists requests before failures, and filters by need', async (context) => {
  const on = await bench(context);
  await on.store.createTask({ title: 'Fails' });
  const asking = await on.store.createTask({ title: 'Asks', tool: 'SHELL', instructions: 'true' });
  await on.store.createTask({ title: 'Quiet' });
  await on.store.updateTask('1', { status: 'failed', error: 'It broke.' });
  await taken(on.store, asking.id);
  await on.store.transact('test', (draft) => {
    const task = draft.require(asking.id);
    return draft.patch(task.id, requestApproval(task, { kind: 'tool', title: 'Run it' }, draft.at).patch);
  });
  const { items, total } = await on.run(inbox, {});
  assert.equal(total, 2);
  assert.deepEqual(
    items.map(({ number, need, requests, error }) => [number, need, requests.map(({ title }) => title), error]),
    [
      [2, 'approval', ['Run it'], undefined],
      [1, 'failure', [], 'It broke.'],
    ],
  );
  const failures = await on.run(inbox, { need: ['failure'] });
  assert.deepEqual(
    failures.items.map(({ number }) => number),
    [1],
  );
});
