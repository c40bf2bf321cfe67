import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('one task can be followed by events of its own (F172, F173)', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context) });
  context.after(() => store.close());
  const followed = await store.createTask({ title: 'followed' });
  const other = await store.createTask({ title: 'other' });
  const seen: unknown[] = [];
  store.on(`task.${followed.id}.progress`, ({ progress }) => seen.push(progress));
  const registration = store.on(`task.${followed.id}.status_changed`, ({ old_status: from, new_status: to }) =>
    seen.push(`${from} > ${to}`),
  );
  await store.updateTask(other.id, { status: 'cancelled' });
  await store.updateTask(followed.id, { status: 'in_progress' });
  await store.updateTask(followed.id, { progress: 45 });
  assert.deepEqual(seen, ['pending > in_progress', 45]);
  registration.dispose();
  await store.updateTask(followed.id, { status: 'completed' });
  assert.ok(!seen.includes('in_progress > completed'));
});
