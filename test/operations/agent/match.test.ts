import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskEstimate } from '../../../src/operations/agent/estimate.ts';
import { taskMatch } from '../../../src/operations/agent/match.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import { bench, taken, turnEnded } from '../context.ts';

describe('choosing an agent (F163, F228)', () => {
  it('ranks agents for a task with reasons, and never takes a script', async (context) => {
    const on = await bench(context);
    await on.store.createTask({ title: 'Fix the login test' });
    const { type, matches, unfit } = await on.run(taskMatch, { task: 1 });
    assert.equal(type, 'bugfix');
    assert.ok(matches.length > 0);
    assert.ok(matches.every(({ reasons }) => reasons.length > 0));
    assert.ok(unfit.some(({ agent }) => agent === 'SHELL'));
    const other = await on.run(taskMatch, { title: 'Fix the login test' });
    assert.deepEqual(other.matches, matches);
    await on.refused(taskMatch, {}, 'InvalidInput');
  });

  it('is automatic for --assigned-to auto, at creation and later', async (context) => {
    const on = await bench(context);
    const [best] = (await on.run(taskMatch, { title: 'Fix it' })).matches;
    assert.equal((await on.run(taskCreate, { title: 'Fix it', assignedTo: 'auto' })).tool, best?.agent);
    await on.store.createTask({ title: 'Fix it now', tool: 'SHELL' });
    const changed = await on.run(taskUpdate, { task: 2, assignedTo: 'AUTO' });
    assert.deepEqual([changed.tool, changed.assignee], [best?.agent, undefined]);
  });
});

describe('task.estimate (F232)', () => {
  it('comes from similar finished tasks once there are three', async (context) => {
    const on = await bench(context);
    const script = { tool: 'SHELL', instructions: 'true' } as const;
    assert.equal((await on.run(taskEstimate, { title: 'Fix it' })).basis, 0);
    for (const title of ['Fix A', 'Fix B', 'Fix C']) {
      const { id } = await on.store.createTask({ title, ...script });
      await taken(on.store, id);
      await turnEnded(on.store, id);
      await on.store.updateTask(id, { status: 'completed' });
    }
    await on.store.createTask({ title: 'Fix D', ...script });
    const { basis, minutes, tokens } = await on.run(taskEstimate, { task: 4 });
    assert.equal(basis, 3);
    assert.ok(minutes !== undefined);
    assert.equal(tokens, undefined);
  });
});
