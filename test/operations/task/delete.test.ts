import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskRemoveDependency } from '../../../src/operations/graph/remove-dependency.ts';
import { taskArchive } from '../../../src/operations/store/archive.ts';
import { taskCancel } from '../../../src/operations/task/cancel.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { bench, logged, taken } from '../context.ts';

describe('task.delete', () => {
  it('returns the deleted tasks and leaves no files of them', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B' });
    const { tasks } = await run(taskDelete, { tasks: [2, 'A', 2] });
    assert.deepEqual(
      tasks.map((task) => task.title),
      ['B', 'A'],
    );
    assert.equal(store.view.size, 0);
    assert.equal(await store.getTask('1'), null);
  });

  it('does not match a prefix of an id', async (context) => {
    const { run, refused, store } = await bench(context);
    const { id } = await run(taskCreate, { title: 'A' });
    for (const prefix of ['task', 'task_', id.slice(0, -1)]) {
      await refused(taskDelete, { tasks: [prefix] }, 'TaskNotFound');
      await refused(taskCancel, { tasks: [prefix] }, 'TaskNotFound');
      assert.equal(await store.deleteTask(prefix), false);
    }
    assert.equal(store.view.size, 1);
  });

  it('refuses a running task and then deletes no task', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'B');
    assert.match(JSON.stringify((await refused(taskDelete, { tasks: [1, 2] }, 'TaskRunning')).next), /cancel/i);
    assert.equal(store.view.size, 2);
  });

  it('names the dependents, whose dependency can then be removed', async (context) => {
    const { run, store } = await bench(context);
    const gone = await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B', dependsOn: ['A'], parentTask: 'A' });
    await run(taskDelete, { tasks: ['A'] });
    const left = await store.getTask('B');
    assert.equal(left?.parent_id, undefined);
    await logged(store, 'B', /depends on #1/);
    const freed = await run(taskRemoveDependency, { task: 'B', dependsOn: gone.id });
    assert.deepEqual(freed.depends_on, []);
  });
});

describe('task.remove-dependency', () => {
  it('removes a blocker of the task (F216)', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B' });
    await run(taskCreate, { title: 'C', dependsOn: [1, 2] });
    const task = await run(taskRemoveDependency, { task: 3, dependsOn: 'A' });
    assert.equal(task.depends_on.length, 1);
  });

  it('resolves an archived dependency by number and title', async (context) => {
    const { run } = await bench(context);
    for (const title of ['A', 'B']) await run(taskCreate, { title });
    await run(taskCreate, { title: 'C', dependsOn: [1, 2] });
    await run(taskCancel, { tasks: [1, 2] });
    await run(taskArchive, { tasks: [1, 2] });
    assert.equal((await run(taskRemoveDependency, { task: 3, dependsOn: 'B' })).depends_on.length, 1);
    assert.deepEqual((await run(taskRemoveDependency, { task: 3, dependsOn: 1 })).depends_on, []);
  });

  it('refuses a task that is not a dependency', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B' });
    await refused(taskRemoveDependency, { task: 'B', dependsOn: 'A' }, 'DependencyMissing');
    await refused(taskRemoveDependency, { task: 'B', dependsOn: 'Z' }, 'TaskNotFound');
  });
});
