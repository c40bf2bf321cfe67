import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { bench, taken } from '../context.ts';

describe('task.start', () => {
  it('queues, and requests one worker (F157)', async (context) => {
    const { run, ensured } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await run(taskCreate, { title: 'B', tool: 'SHELL' });
    const { tasks } = await run(taskStart, { tasks: ['A', 2, 1] });
    assert.deepEqual(
      tasks.map((task) => [task.number, task.status, task.queued_at !== undefined]),
      [
        [1, 'pending', true],
        [2, 'pending', true],
      ],
    );
    assert.equal(ensured(), 1);
  });

  it('is idempotent', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    const [first] = (await run(taskStart, { tasks: [1] })).tasks;
    const [second] = (await run(taskStart, { tasks: [1] })).tasks;
    assert.equal(first?.revision, second?.revision);
  });

  it('starts all or none', async (context) => {
    const { run, refused, store, ensured } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, '2');
    await refused(taskStart, { tasks: [1, 2] }, 'IllegalTransition');
    assert.equal(store.view.byNumber(1)?.queued_at, undefined);
    assert.equal(ensured(), 1);
  });

  it('refuses to queue for an agent that is not installed and lists the installed ones', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    const error = await refused(taskStart, { tasks: [1] }, 'AgentUnavailable');
    assert.match(error.message, /CLAUDECODE/);
    assert.match(JSON.stringify(error.next), /npm install.*OPENCODE, SHELL/);
    assert.equal(store.view.byNumber(1)?.queued_at, undefined);
  });

  it('holds a task that needs approval (F204)', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'Deploy', tool: 'SHELL', requiresApproval: true });
    const [task] = (await run(taskStart, { tasks: [1] })).tasks;
    assert.deepEqual([task?.status, task?.pause_reason, task?.approvals.length], ['paused', 'approval', 1]);
  });

  it('starts nothing in a restricted folder', async (context) => {
    const { run, refused } = await bench(context, { trusted: false });
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await refused(taskStart, { tasks: [1] }, 'Untrusted');
  });

  it('needs at least one task', async (context) => {
    const { refused } = await bench(context);
    await refused(taskStart, { tasks: [] }, 'InvalidInput');
    await refused(taskStart, { tasks: [1] }, 'TaskNotFound');
  });
});
