import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskArchive } from '../../../src/operations/store/archive.ts';
import { taskUnarchive } from '../../../src/operations/store/unarchive.ts';
import { taskCancel } from '../../../src/operations/task/cancel.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { taskList } from '../../../src/operations/task/list.ts';
import { taskLogs } from '../../../src/operations/task/logs.ts';
import { taskShow } from '../../../src/operations/task/show.ts';
import { until } from '../../support/temp-folder.ts';
import { bench, logged } from '../context.ts';

describe('task.archive', () => {
  it('moves tasks to the archive, where they are listed, shown, read and deleted (F105)', async (context) => {
    const { run, store, refused } = await bench(context);
    for (const title of ['A', 'B', 'C']) await run(taskCreate, { title });
    await logged(store, 'A', /Task created/);
    await run(taskCancel, { tasks: ['A', 'B'] });
    await refused(taskArchive, { tasks: ['A', 'C'] }, 'IllegalTransition');
    assert.equal((await run(taskArchive, { tasks: ['A'], dryRun: true })).tasks.length, 1);
    const done = await run(taskArchive, { tasks: ['A', 2] });
    assert.deepEqual(
      done.tasks.map(({ number, title, status }) => [number, title, status]),
      [
        [1, 'A', 'cancelled'],
        [2, 'B', 'cancelled'],
      ],
    );
    const list = await run(taskList, {});
    assert.deepEqual([list.total, list.tasks[0]?.title], [1, 'C']);
    const archived = await run(taskList, { archived: true, limit: 1 });
    assert.deepEqual([archived.total, archived.tasks[0]?.title, archived.next], [2, 'B', 2]);
    assert.equal((await run(taskList, { archived: true, search: 'A' })).total, 1);
    assert.equal((await run(taskShow, { task: 'A' })).number, 1);
    assert.ok((await run(taskLogs, { task: 1 })).entries.length > 0);
    assert.equal((await run(taskDelete, { tasks: ['B', 'C'] })).tasks.length, 2);
    assert.equal((await run(taskList, { archived: true })).total, 1);
    const [back] = (await run(taskUnarchive, { tasks: ['A'] })).tasks;
    assert.deepEqual([back?.number, back?.archived_at], [1, undefined]);
    await refused(taskUnarchive, { tasks: ['A'] }, 'TaskNotFound');
    await refused(taskShow, { task: 'B' }, 'TaskNotFound');
  });

  it('accepts an age, and needs tasks or an age', async (context) => {
    const { run, store, refused } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCancel, { tasks: ['A'] });
    assert.deepEqual((await run(taskArchive, { olderThan: '1d' })).tasks, []);
    // The clock of a test machine may be set back meanwhile.
    await until('it is old enough', async () => {
      return (await run(taskArchive, { olderThan: '0m', dryRun: true })).tasks.length === 1;
    });
    assert.equal(store.view.size, 1);
    assert.equal((await run(taskArchive, { olderThan: '0m' })).tasks.length, 1);
    assert.equal(store.view.size, 0);
    await refused(taskArchive, {}, 'InvalidInput');
    await refused(taskArchive, { tasks: ['A'], olderThan: '1d' }, 'InvalidInput');
    await refused(taskArchive, { olderThan: 'long ago' }, 'InvalidInput');
  });
});

describe('task.list by cursor', () => {
  it('continues after the last page despite new and deleted tasks (F112)', async (context) => {
    const { run, refused } = await bench(context);
    for (let index = 1; index <= 6; index += 1) await run(taskCreate, { title: `T${index}` });
    const first = await run(taskList, { limit: 3 });
    assert.deepEqual(
      first.tasks.map(({ number }) => number),
      [6, 5, 4],
    );
    await run(taskCreate, { title: 'T7' });
    await run(taskDelete, { tasks: [4, 5] });
    const second = await run(taskList, { limit: 3, cursor: first.cursor });
    assert.deepEqual(
      second.tasks.map(({ number }) => number),
      [3, 2, 1],
    );
    assert.equal(second.cursor, undefined);
    await refused(taskList, { cursor: first.cursor, sort: 'title' }, 'InvalidInput');
    await refused(taskList, { cursor: 'nonsense' }, 'InvalidInput');
  });
});
