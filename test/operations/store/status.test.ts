import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agents } from '../../../src/operations/agent/agents.ts';
import { status } from '../../../src/operations/store/status.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { announce } from '../../../src/runtime/liveness/presence.ts';
import { asks, bench, infos, taken } from '../context.ts';

describe('status', () => {
  it('counts tasks by state and creates nothing in an empty folder', async (context) => {
    const { run } = await bench(context);
    const state = await run(status, {});
    assert.deepEqual([state.total, state.ready, state.asks, state.workers, state.read_only], [0, 0, 0, [], null]);
  });

  it('counts ready tasks and open requests, and lists the workers', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', start: true });
    await run(taskCreate, { title: 'C', tool: 'SHELL', instructions: 'true', start: true, dependsOn: ['B'] });
    await taken(store, 'A');
    await asks(store, 'A');
    await announce(store.coordination, 'w2', 'background');
    const state = await run(status, {});
    assert.deepEqual([state.total, state.ready, state.asks], [3, 1, 1]);
    assert.deepEqual([state.by_status.paused, state.by_status.pending], [1, 2]);
    assert.deepEqual(
      state.workers.map(({ id, mode, tasks }) => [id, mode, tasks]),
      [
        ['w2', 'background', []],
        ['w1', null, [1]],
      ],
    );
  });
});

describe('agents', () => {
  it('lists them, with install steps for missing ones', async (context) => {
    const { run } = await bench(context);
    assert.deepEqual((await run(agents, {})).agents, infos);
  });
});
