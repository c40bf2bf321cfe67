import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskAddDependency } from '../../../src/operations/graph/add-dependency.ts';
import { taskClone } from '../../../src/operations/task/clone.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskHistory } from '../../../src/operations/task/history.ts';
import { taskNote } from '../../../src/operations/task/note.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import { bench } from '../context.ts';

describe('task.note', () => {
  it('adds an entry in the name of the person', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'One' });
    const { logs } = await on.run(taskNote, { task: 1, text: 'Waiting for the design.' });
    const last = logs.at(-1);
    assert.deepEqual(
      [last?.message, last?.prefix, last?.metadata?.source],
      ['Waiting for the design.', 'note', 'Ada <ada@example.com>'],
    );
    await on.refused(taskNote, { task: 1, text: ' ' }, 'InvalidInput');
  });
});

describe('task.history', () => {
  it('has the changes with their authors', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'One' });
    await on.store.transact('test', (draft) => draft.patch(draft.require('1').id, { tool: 'SHELL' }));
    const { history, number } = await on.run(taskHistory, { task: '1' });
    assert.equal(number, 1);
    assert.deepEqual(
      history.map(({ by }) => by),
      ['Ada <ada@example.com>'],
    );
  });
});

describe('task.clone', () => {
  it('copies a task with another title', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'One', labels: ['api'], priority: 'high' });
    const copy = await on.run(taskClone, { task: 1, title: 'Two' });
    assert.deepEqual([copy.number, copy.title, copy.labels, copy.priority], [2, 'Two', ['api'], 'high']);
  });

  it('copies subtasks with the dependencies between them', async (context) => {
    const on = await bench(context);
    const outside = await on.store.createTask({ title: 'Outside' });
    const whole = await on.store.createTask({ title: 'Whole', kind: 'group', project: 'Web' });
    const first = await on.store.createTask({ title: 'First', parentId: whole.id, dependsOn: [outside.id] });
    await on.store.createTask({ title: 'Second', parentId: whole.id, dependsOn: [first.id] });
    const copy = await on.run(taskClone, { task: whole.id, parts: true });
    const parts = [...on.store.view.children(copy.id)].sort((a, b) => a.number - b.number);
    assert.deepEqual(
      parts.map(({ title, project, depends_on: on_ }) => [title, project, on_]),
      [
        ['First', 'Web', [outside.id]],
        ['Second', 'Web', [parts[0]?.id]],
      ],
    );
    assert.equal(on.store.view.size, 7);
  });

  it('copies a task alone without its subtasks', async (context) => {
    const on = await bench(context);
    const whole = await on.store.createTask({ title: 'Whole' });
    await on.store.createTask({ title: 'Part', parentId: whole.id });
    await on.run(taskClone, { task: 1 });
    assert.equal(on.store.view.size, 3);
  });
});

describe('task.add-dependency', () => {
  it('keeps the dependencies that are there, and refuses a cycle', async (context) => {
    const on = await bench(context);
    const [a, b, c] = [
      await on.store.createTask({ title: 'A' }),
      await on.store.createTask({ title: 'B' }),
      await on.store.createTask({ title: 'C' }),
    ];
    await on.run(taskAddDependency, { task: 3, dependsOn: [1] });
    const task = await on.run(taskAddDependency, { task: 3, dependsOn: ['B', 1] });
    assert.deepEqual(task.depends_on, [a.id, b.id]);
    const error = await on.refused(taskAddDependency, { task: 1, dependsOn: [3] }, 'DependencyCycle');
    assert.match(error.message, /A.*C|C.*A/);
    assert.deepEqual(on.store.view.byId(a.id)?.depends_on, [], c.id);
  });
});

describe('labels', () => {
  it('are added and removed one by one', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'One', labels: ['a', 'b'] });
    const { labels } = await on.run(taskUpdate, { task: 1, addLabel: ['c', 'a'], removeLabel: ['b'] });
    assert.deepEqual(labels, ['a', 'c']);
  });
});

describe('task.create', () => {
  it('makes groups and sets the time between checkpoints', async (context) => {
    const on = await bench(context);
    assert.equal((await on.run(taskCreate, { title: 'Phase 1', group: true })).kind, 'group');
    assert.equal((await on.run(taskCreate, { title: 'Work', checkpointMinutes: 5 })).checkpoint_minutes, 5);
  });

  it('gives a subtask the project of its parent', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'Whole', project: 'Web' });
    assert.equal((await on.run(taskCreate, { title: 'Part', parentTask: 1 })).project, 'Web');
    assert.equal((await on.run(taskCreate, { title: 'Other', parentTask: 1, project: 'App' })).project, 'App');
  });
});
