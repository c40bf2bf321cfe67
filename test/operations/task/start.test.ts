import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queuePlay } from '../../../src/operations/queue/play.ts';
import { queueStatus } from '../../../src/operations/queue/status.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskRestart } from '../../../src/operations/task/restart.ts';
import { taskResume } from '../../../src/operations/task/resume.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { bench, taken } from '../context.ts';

describe('task.start', () => {
  it('queues, and requests one worker (F157)', async (context) => {
    const { run, ensured } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true' });
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
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
    const [first] = (await run(taskStart, { tasks: [1] })).tasks;
    const [second] = (await run(taskStart, { tasks: [1] })).tasks;
    assert.equal(first?.revision, second?.revision);
  });

  it('starts all or none', async (context) => {
    const { run, refused, store, ensured } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
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

  it('refuses a script task without a script', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    const error = await refused(taskStart, { tasks: [1] }, 'InvalidInput');
    assert.match(JSON.stringify(error.next), /task\.update.*instructions/);
    assert.equal(store.view.byNumber(1)?.queued_at, undefined);
  });

  it('asks before a cost limit that the agent cannot count', async (context) => {
    const { run, refused, store, agents } = await bench(context);
    Object.assign(agents, { countsCost: (name: string) => (name === 'OPENCODE' ? false : undefined) });
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', budgetCost: 1 });
    const error = await refused(taskStart, { tasks: [1] }, 'NotConfirmed');
    assert.match(error.message, /OPENCODE reports no cost, so that the cost limit of #1 would never stop it/);
    assert.match(JSON.stringify(error.next), /budgetTokens.*task\.start.*uncounted/);
    assert.equal(store.view.byNumber(1)?.queued_at, undefined);
    const limited = { title: 'B', tool: 'OPENCODE', budgetCost: 1, start: true };
    await refused(taskCreate, limited, 'NotConfirmed');
    assert.equal(store.view.size, 1, 'nothing was created');
    assert.deepEqual((await run(taskCreate, { ...limited, uncounted: true })).uncounted_agents, ['OPENCODE']);
    const { tasks } = await run(taskStart, { tasks: [1], uncounted: true });
    assert.notEqual(tasks[0]?.queued_at, undefined);
    assert.ok(tasks[0]?.history.some(({ changes }) => changes?.some(({ field }) => field === 'uncounted_agents')));
    await run(taskCreate, { title: 'C', tool: 'OPENCODE', budgetTokens: 1_000, start: true });
  });

  it('asks about the cost limit of a group, and in a queue that plays', async (context) => {
    const { run, refused, store, agents } = await bench(context);
    Object.assign(agents, { countsCost: (name: string) => (name === 'OPENCODE' ? false : undefined) });
    await run(taskCreate, { title: 'All', group: true, budgetCost: 1 });
    await run(taskCreate, { title: 'Part', tool: 'OPENCODE', parentTask: '1' });
    const script = { title: 'Script', tool: 'SHELL', instructions: 'true', parentTask: '1' };
    await run(taskCreate, { ...script, start: true });
    const error = await refused(taskStart, { tasks: [2] }, 'NotConfirmed');
    assert.match(error.message, /the cost limit of #1/);
    await run(queuePlay, {});
    const { waiting, next } = await run(queueStatus, {});
    assert.deepEqual(waiting, [{ number: 2, title: 'Part', for: 'uncounted', on: [] }]);
    assert.deepEqual(
      next.map(({ number }) => number),
      [3],
    );
    await store.updateTask(`${store.view.byNumber(2)?.id}`, { status: 'failed' });
    await refused(taskRestart, { tasks: [2] }, 'NotConfirmed');
    await refused(taskResume, { tasks: [2] }, 'NotConfirmed');
    await run(taskRestart, { tasks: [2], uncounted: true });
    assert.deepEqual((await run(queueStatus, {})).waiting, []);
  });

  it('holds a task that needs approval (F204)', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'Deploy', tool: 'SHELL', instructions: 'true', requiresApproval: true });
    const [task] = (await run(taskStart, { tasks: [1] })).tasks;
    assert.deepEqual([task?.status, task?.pause_reason, task?.approvals.length], ['paused', 'approval', 1]);
  });

  it('starts nothing in a restricted folder', async (context) => {
    const { run, refused } = await bench(context, { trusted: false });
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
    await refused(taskStart, { tasks: [1] }, 'Untrusted');
  });

  it('needs at least one task', async (context) => {
    const { refused } = await bench(context);
    await refused(taskStart, { tasks: [] }, 'InvalidInput');
    await refused(taskStart, { tasks: [1] }, 'TaskNotFound');
  });
});
