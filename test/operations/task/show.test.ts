import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskShow } from '../../../src/operations/task/show.ts';
import { bench } from '../context.ts';

describe('task.show', () => {
  it('finds a task by number, with or without #, full id and exact title (F143), never by a prefix', async (context) => {
    const { run, refused } = await bench(context);
    const { id } = await run(taskCreate, { title: 'Fix the login test' });
    for (const task of [1, '1', '#1', id, 'Fix the login test']) {
      assert.equal((await run(taskShow, { task })).id, id);
    }
    await refused(taskShow, { task: id.slice(0, 10) }, 'TaskNotFound');
  });

  it('includes the log', async (context) => {
    const { run, store } = await bench(context);
    const { id } = await run(taskCreate, { title: 'Talk' });
    await store.addLog(id, 'first words');
    const task = await run(taskShow, { task: id });
    assert.deepEqual(task.logs.at(-1)?.message, 'first words');
    assert.equal(task.log_count, task.logs.length);
  });

  it('reports an unknown task and how to find one', async (context) => {
    const { refused } = await bench(context);
    assert.match(JSON.stringify((await refused(taskShow, { task: 7 }, 'TaskNotFound')).next), /task\.list/);
  });
});
