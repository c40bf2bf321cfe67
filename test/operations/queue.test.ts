import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskRemoveDependency } from '../../src/operations/graph/remove-dependency.ts';
import { queuePause } from '../../src/operations/queue/pause.ts';
import { queuePlay } from '../../src/operations/queue/play.ts';
import { queueStatus } from '../../src/operations/queue/status.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { taskStart } from '../../src/operations/task/start.ts';
import { bench } from './context.ts';

describe('queue', () => {
  it('is paused at first, plays on request, and records the time and the user', async (context) => {
    const on = await bench(context);
    const before = await on.run(queueStatus, {});
    assert.deepEqual([before.playing, before.since, before.by], [false, null, null]);
    const playing = await on.run(queuePlay, {});
    assert.deepEqual([playing.playing, playing.by], [true, on.actor]);
    assert.deepEqual(await on.run(queueStatus, {}), playing);
    assert.equal((await on.run(queuePause, {})).playing, false);
  });

  it('lists the next tasks in order and the blockers of each', async (context) => {
    const on = await bench(context);
    const low = await on.run(taskCreate, { title: 'low', tool: 'SHELL', instructions: 'true', priority: 'low' });
    const held = await on.run(taskCreate, { title: 'held', tool: 'SHELL', instructions: 'true', dependsOn: [low.id] });
    const gated = await on.run(taskCreate, {
      title: 'gated',
      tool: 'SHELL',
      instructions: 'true',
      requiresApproval: true,
    });
    const gone = await on.run(taskCreate, { title: 'gone', instructions: 'x' });
    const high = await on.run(taskCreate, { title: 'high', tool: 'SHELL', instructions: 'true', priority: 'high' });
    assert.deepEqual((await on.run(queueStatus, {})).next, [], 'nothing was started');
    await on.run(taskStart, { tasks: [gated.id, low.id] });
    const paused = await on.run(queueStatus, {});
    assert.deepEqual(
      [paused.ready, paused.next.map(({ number }) => number), paused.waiting.map((task) => [task.number, task.for])],
      [1, [low.number], [[gated.number, 'approval']]],
    );
    const playing = await on.run(queuePlay, {});
    assert.deepEqual(
      playing.next.map(({ number }) => number),
      [high.number, low.number],
    );
    assert.deepEqual(
      playing.waiting.map((task) => [task.number, task.for, task.on]),
      [
        [gated.number, 'approval', []],
        [held.number, 'dependency', [low.number]],
        [gone.number, 'agent', []],
      ],
    );
    assert.deepEqual([playing.ready, playing.waiting_total], [2, 3]);
  });

  it('requests a worker when it starts to play and for each new task', async (context) => {
    const on = await bench(context);
    await on.run(taskCreate, { title: 'one', tool: 'SHELL', instructions: 'true' });
    assert.equal(on.ensured(), 0);
    await on.run(queuePlay, {});
    assert.equal(on.ensured(), 1);
    await on.run(taskCreate, { title: 'two', tool: 'SHELL', instructions: 'true' });
    assert.equal(on.ensured(), 2);
    await on.run(queuePause, {});
    await on.run(taskCreate, { title: 'three', tool: 'SHELL', instructions: 'true' });
    assert.equal(on.ensured(), 2);
  });

  it('requests a worker for a started task whose dependency is done', async (context) => {
    const on = await bench(context);
    const first = await on.run(taskCreate, { title: 'first', tool: 'SHELL', instructions: 'true' });
    const second = await on.run(taskCreate, {
      title: 'second',
      tool: 'SHELL',
      instructions: 'true',
      dependsOn: [first.id],
      start: true,
    });
    const before = on.ensured();
    await on.run(taskRemoveDependency, { task: second.id, dependsOn: first.id });
    assert.equal(on.ensured(), before + 1);
  });

  it('does not play in a restricted folder, but can be paused there', async (context) => {
    const on = await bench(context, { trusted: false });
    await on.refused(queuePlay, {}, 'Untrusted');
    assert.equal((await on.run(queuePause, {})).playing, false);
  });
});
