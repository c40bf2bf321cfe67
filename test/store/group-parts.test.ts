import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancel } from '../../src/core/task/session.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a group ends with its last parts, also if two processes end them at the same moment', async (context) => {
  const folder = tempFolder(context);
  const [one, two] = await Promise.all([1, 2].map(() => TaskStore.open({ folder, watch: false })));
  assert.ok(one !== undefined && two !== undefined);
  context.after(() => Promise.all([one.close(), two.close()]));
  const end = (store: TaskStore, id: string): Promise<unknown> =>
    store.transact('test.end', (draft) => void draft.patch(id, cancel(draft.require(id), draft.at)));
  for (let round = 0; round < 10; round += 1) {
    const { id: parentId } = await one.createTask({ title: `Group ${round}`, kind: 'group' });
    const first = await one.createTask({ title: `First ${round}`, parentId });
    const left = await one.createTask({ title: `Left ${round}`, parentId });
    const right = await one.createTask({ title: `Right ${round}`, parentId });
    await end(one, first.id);
    await two.refresh();
    await Promise.all([end(one, left.id), end(two, right.id)]);
    await one.refresh();
    assert.equal(one.resolve(parentId).status, 'cancelled');
  }
});
