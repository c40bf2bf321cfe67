import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { readQueue, writeQueue } from '../../src/runtime/queue/queue-state.ts';
import { Worker } from '../../src/runtime/schedule/worker.ts';
import { coordinationOf } from '../../src/store/coordination.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { workerBench } from '../support/worker-bench.ts';

const now = (): string => new Date().toISOString();
const byStart = (a: TaskRecord, b: TaskRecord): number => ((a.started_at ?? '') < (b.started_at ?? '') ? -1 : 1);

describe('queue', () => {
  it('runs unstarted tasks while it plays, most urgent first and dependents after their dependencies', async (context) => {
    const bench = await workerBench(context, { maxParallel: 1 });
    const make = (title: string, more = {}) =>
      bench.store.createTask({ tool: 'SHELL', title, instructions: `echo ${title} >> order`, ...more });
    const low = await make('low', { priority: 'low' });
    const first = await make('first');
    const urgent = await make('urgent', { priority: 'critical', dependsOn: [low.id] });
    const started = await bench.run({ title: 'asked', instructions: 'echo asked >> order' });
    await bench.reaches(started.id, 'completed');
    assert.deepEqual(
      [low, first, urgent].map(({ id }) => bench.store.resolve(id).status),
      ['pending', 'pending', 'pending'],
      'nothing runs by itself before the queue plays',
    );
    await writeQueue(bench.store.coordination, { playing: true, since: now() });
    await bench.reaches(first.id, 'completed');
    const order = [first, urgent, low].map(({ id }) => bench.store.resolve(id)).sort(byStart);
    assert.deepEqual(
      order.map(({ title }) => title),
      ['low', 'urgent', 'first'],
      'the low one is as urgent as the one that waits for it',
    );
    const late = await make('late');
    await bench.reaches(late.id, 'completed');
  });

  it('starts no task after a pause and does not stop running ones', async (context) => {
    const bench = await workerBench(context, { maxParallel: 1 });
    const wait = 'while [ ! -f go ]; do sleep 0.05; done';
    const running = await bench.store.createTask({ tool: 'SHELL', title: 'running', instructions: wait });
    const waiting = await bench.store.createTask({ tool: 'SHELL', title: 'waiting', instructions: 'true' });
    await writeQueue(bench.store.coordination, { playing: true, since: now() });
    await bench.reaches(running.id, 'in_progress');
    await writeQueue(bench.store.coordination, { playing: false, since: now() });
    writeFileSync(join(bench.folder, 'go'), '');
    await bench.reaches(running.id, 'completed');
    const asked = await bench.run({ title: 'asked', instructions: 'true' });
    await bench.reaches(asked.id, 'completed');
    const left = bench.store.resolve(waiting.id);
    assert.deepEqual([left.status, left.queued_at], ['pending', undefined]);
  });

  it('requests the approval of a gated task and continues with others', async (context) => {
    const bench = await workerBench(context, { maxParallel: 1 });
    const make = (title: string, more = {}) =>
      bench.store.createTask({ tool: 'SHELL', title, instructions: 'true', ...more });
    const gated = await make('gated', { requiresApproval: true, priority: 'critical' });
    const free = await make('free');
    await writeQueue(bench.store.coordination, { playing: true, since: now() });
    await bench.reaches(free.id, 'completed');
    assert.equal((await bench.reaches(gated.id, 'paused')).pause_reason, 'approval');
    await bench.decide(gated.id, true);
    await bench.reaches(gated.id, 'completed');
  });

  it('skips tasks that cannot run: groups, paused tasks, missing agents, empty scripts', async (context) => {
    const bench = await workerBench(context);
    const make = (title: string, more = {}) => bench.store.createTask({ tool: 'SHELL', title, ...more });
    const idle = [
      await make('group', { kind: 'group' }),
      await make('no agent', { tool: 'NOBODY', instructions: 'x' }),
      await make('no script'),
    ];
    const fine = await make('fine', { instructions: 'true', priority: 'low' });
    await writeQueue(bench.store.coordination, { playing: true, since: now() });
    await bench.reaches(fine.id, 'completed');
    assert.deepEqual(
      idle.map(({ id }) => bench.store.resolve(id).status),
      ['pending', 'pending', 'pending'],
    );
  });

  it('respects the limit of an agent across workers without blocking other agents', async (context) => {
    const folder = tempFolder(context);
    const maxPerAgent = { SHELL: 2 };
    const bench = await workerBench(context, { folder, maxPerAgent, maxParallel: 4 });
    const stores = await Promise.all([1, 2].map(() => TaskStore.open({ folder })));
    const workers = stores.map(
      (store) =>
        new Worker({
          store,
          agents: bench.agents,
          logger: silentLogger,
          mode: 'embedded',
          maxParallel: 4,
          maxPerAgent,
        }),
    );
    context.after(async () => {
      for (const worker of workers) await worker.stop();
      for (const store of stores) await store.close();
    });
    let most = 0;
    bench.store.on('task:updated', () => {
      const atWork = [...bench.store.view.byStatus('in_progress')].filter(({ tool }) => tool === 'SHELL');
      most = Math.max(most, atWork.length);
    });
    const tasks = [];
    for (let n = 0; n < 12; n += 1) {
      tasks.push(await bench.store.createTask({ tool: 'SHELL', title: `${n}`, instructions: 'sleep 0.1' }));
    }
    const other = await bench.store.createTask({ tool: 'polite', title: 'other', instructions: 'hi', priority: 'low' });
    await Promise.all(workers.map((worker) => worker.start()));
    await writeQueue(coordinationOf(folder), { playing: true, since: now() });
    for (const { id } of tasks) await bench.reaches(id, 'completed');
    await bench.reaches(other.id, 'completed', 'completed_active');
    assert.ok(most >= 1 && most <= 2, `${most} at once`);
  });

  it('respects the limit of concurrent tasks across workers', async (context) => {
    const folder = tempFolder(context);
    const bench = await workerBench(context, { folder, maxParallel: 2 });
    const stores = await Promise.all([1, 2].map(() => TaskStore.open({ folder })));
    const workers = stores.map(
      (store) => new Worker({ store, agents: bench.agents, logger: silentLogger, mode: 'embedded', maxParallel: 2 }),
    );
    context.after(async () => {
      for (const worker of workers) await worker.stop();
      for (const store of stores) await store.close();
    });
    let most = 0;
    bench.store.on('task:updated', () => {
      most = Math.max(most, [...bench.store.view.byStatus('in_progress')].length);
    });
    await Promise.all(workers.map((worker) => worker.start()));
    const tasks = [];
    for (let n = 0; n < 12; n += 1) tasks.push(await bench.run({ title: `${n}`, instructions: 'sleep 0.1' }));
    for (const { id } of tasks) await bench.reaches(id, 'completed');
    assert.ok(most <= 2, `${most} at once`);
  });

  it('does not play with an invalid queue file, and writes the file atomically', async (context) => {
    const folder = tempFolder(context);
    assert.deepEqual(await readQueue(coordinationOf(folder)), { playing: false });
    await Promise.all(
      [true, false, true].map((playing) => writeQueue(coordinationOf(folder), { playing, since: now(), by: 'Ada' })),
    );
    await writeQueue(coordinationOf(folder), { playing: true, since: '2026-01-02T03:04:05.678Z', by: 'Ada' });
    assert.deepEqual(await readQueue(coordinationOf(folder)), {
      playing: true,
      since: '2026-01-02T03:04:05.678Z',
      by: 'Ada',
    });
    for (const text of ['', '{', '[]', '{"playing":"yes"}', `{"playing":true,"by":"${'x'.repeat(20_000)}"}`]) {
      writeFileSync(join(folder, '.systemprompt', 'state', 'queue.json'), text);
      assert.deepEqual(await readQueue(coordinationOf(folder)), { playing: false }, text.slice(0, 40));
    }
  });

  it('ends a worker whose queue contains only tasks that cannot run', async (context) => {
    const bench = await workerBench(context, { idleExitMs: 200 });
    await bench.store.createTask({ tool: 'NOBODY', title: 'cannot run', instructions: 'x' });
    await writeQueue(bench.store.coordination, { playing: true, since: now() });
    await bench.worker.ended;
  });
});
