import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideApproval, findApproval } from '../../src/core/task/decide.ts';
import { type TaskPatch, transition } from '../../src/core/task/lifecycle.ts';
import { requestApproval } from '../../src/core/task/request.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a listener can follow a single task (F172, F173)', async (context) => {
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

test('requests, budget marks and silences are emitted once in every process', async (context) => {
  const folder = tempFolder(context);
  const store = await TaskStore.open({ folder });
  const other = await TaskStore.open({ folder, watch: false });
  context.after(() => Promise.all([store.close(), other.close()]));
  const { id } = await store.createTask({ title: 'limited' });
  await other.refresh();
  const seen = [store, other].map((each) => {
    const told: unknown[] = [];
    each.on('budget:reached', ({ limit, percent }) => told.push([limit, percent]));
    each.on('task:quiet', ({ since }) => told.push(`quiet since ${since}`));
    each.on('approval:requested', ({ approval }) => told.push(`asks ${approval.number}`));
    each.on('approval:decided', ({ approval }) => told.push(`${approval.status} ${approval.number}`));
    return told;
  });
  const change = async (patch: (task: TaskRecord, at: string) => TaskPatch): Promise<void> => {
    await store.transact('test', (draft) => draft.patch(id, patch(draft.require(id), draft.at)));
    await other.refresh();
  };
  await change(() => ({ budget_marks: { 'tokens:1': 50 } }));
  await change(() => ({ budget_marks: { 'tokens:1': 80, 'cost:day': 50 } }));
  // The limit was raised: what is spent is a smaller share of it.
  await change(() => ({ budget_marks: { 'cost:day': 50 } }));
  await change((task, at) => requestApproval(task, { kind: 'tool', title: 'Run' }, at).patch);
  await change((task, at) => decideApproval(task, findApproval(task, 1), { approve: true, by: 'Ada' }, at));
  const since = '2026-01-01T00:00:00.000Z';
  await change((task, at) => ({ ...transition(task, 'in_progress', { at }), quiet_since: since }));
  await change(() => ({ progress: 5 }));
  await change((task, at) => transition(task, 'completed', { at }));
  assert.equal(store.view.byId(id)?.quiet_since, undefined, 'an ended task is not quiet');
  const expected = [
    ['tokens:1', 50],
    ['tokens:1', 80],
    ['cost:day', 50],
    'asks 1',
    'approved 1',
    `quiet since ${since}`,
  ];
  assert.deepEqual(seen, [expected, expected]);
});
