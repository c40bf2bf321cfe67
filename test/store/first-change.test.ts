import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

// Alone in its file: the code of changes loads with the first change of a process.
test('the first changes of a process are made in the order of their calls, and before a close that follows', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context), watch: false });
  const created = store.createTask({ title: 'First' });
  const titles = store.transact('look', (draft) => [...draft.all()].map(({ title }) => title));
  const closed = store.close();
  assert.equal((await created).number, 1);
  assert.deepEqual(await titles, ['First']);
  await closed;
});
