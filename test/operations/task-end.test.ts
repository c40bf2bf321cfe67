import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCancel } from '../../src/operations/task/cancel.ts';
import { taskComplete } from '../../src/operations/task/complete.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { taskRestart } from '../../src/operations/task/restart.ts';
import { asks, bench, logged, taken, turnEnded } from './context.ts';

describe('task.cancel', () => {
  it('cancels waiting and running tasks and records user and reason in the history (F26)', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'B');
    await asks(store, 'B');
    const { tasks } = await run(taskCancel, { tasks: [1, 2], reason: 'not needed' });
    assert.deepEqual(
      tasks.map((task) => [task.status, task.history.at(-1)?.reason]),
      [
        ['cancelled', 'not needed'],
        ['cancelled', 'not needed'],
      ],
    );
    assert.equal(tasks[1]?.approvals[0]?.status, 'expired');
    await run(taskCreate, { title: 'C' });
    const [unexplained] = (await run(taskCancel, { tasks: ['C'] })).tasks;
    const changes = [...tasks, unexplained].map((task) => task?.history.at(-1)?.by);
    assert.deepEqual(changes, Array(3).fill('Ada <ada@example.com>'));
  });

  it('cancels the open and failed parts of a group, each with a log line', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'G', group: true });
    await run(taskCreate, { title: 'Done', parentTask: 'G' });
    await run(taskComplete, { tasks: ['Done'] });
    await run(taskCreate, { title: 'Inner', group: true, parentTask: 'G' });
    await run(taskCreate, { title: 'Deep', parentTask: 'Inner' });
    await run(taskCreate, { title: 'Named', parentTask: 'G' });
    const { id } = await run(taskCreate, { title: 'Broken', parentTask: 'Inner' });
    await store.transact('test.fail', (draft) => void draft.patch(id, { status: 'failed', error: 'It broke.' }));
    const { tasks } = await run(taskCancel, { tasks: ['G', 'Named'], reason: 'not needed' });
    assert.deepEqual(
      tasks.map(({ title, status }) => [title, status]),
      [
        ['G', 'completed'],
        ['Named', 'cancelled'],
        ['Inner', 'cancelled'],
        ['Deep', 'cancelled'],
        ['Broken', 'cancelled'],
      ],
    );
    assert.equal(store.resolve('Deep').history.at(-1)?.reason, 'Cancelled with its group #1: not needed');
    assert.equal(store.resolve('Done').status, 'completed');
    await logged(store, 'Deep', /^Cancelled with its group #1$/);
  });

  it('refuses an ended task and suggests a restart', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCancel, { tasks: [1] });
    assert.match(JSON.stringify((await refused(taskCancel, { tasks: [1] }, 'IllegalTransition')).next), /task.restart/);
  });
});

describe('task.complete', () => {
  it('accepts the work of an open session and keeps its result (F29, F63)', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    await turnEnded(store, 'A');
    const [task] = (await run(taskComplete, { tasks: ['A'] })).tasks;
    assert.deepEqual([task?.status, task?.result], ['completed', 'made it']);
    assert.ok(task?.completed_at);
  });

  it('accepts a result as text or data', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    const [task] = (await run(taskComplete, { tasks: ['A'], result: { files: ['a.js'] }, notes: 'by hand' })).tasks;
    const { reason, by } = task?.history.at(-1) ?? {};
    assert.deepEqual([task?.result, reason, by], [{ files: ['a.js'] }, 'by hand', 'Ada <ada@example.com>']);
  });

  it('completes a task that a person did manually, and refuses a cancelled one', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A' });
    const [task] = (await run(taskComplete, { tasks: [1] })).tasks;
    assert.deepEqual([task?.status, task?.started_at], ['completed', undefined]);
    await run(taskCreate, { title: 'B' });
    await run(taskCancel, { tasks: [2] });
    await refused(taskComplete, { tasks: [2] }, 'IllegalTransition');
  });
});

describe('task.restart', () => {
  it('runs an ended task again and keeps its earlier executions (F213)', async (context) => {
    const { run, store, ensured } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'A');
    await run(taskCancel, { tasks: ['A'] });
    const [task] = (await run(taskRestart, { tasks: ['A'] })).tasks;
    assert.deepEqual([task?.status, task?.executions.length, task?.completed_at], ['pending', 1, undefined]);
    assert.ok(task?.queued_at);
    assert.equal(ensured(), 2);
  });

  it('refuses a task that has not ended and one whose agent is not installed', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await refused(taskRestart, { tasks: [1] }, 'IllegalTransition');
    await run(taskCreate, { title: 'B' });
    await run(taskCancel, { tasks: ['B'] });
    await refused(taskRestart, { tasks: ['B'] }, 'AgentUnavailable');
  });
});
