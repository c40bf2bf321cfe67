import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { Worker } from '../../src/runtime/schedule/worker.ts';
import { until } from '../support/temp-folder.ts';
import { workerBench } from '../support/worker-bench.ts';

describe('interrupted conversations', () => {
  it('resume automatically in their session with the next worker instead of starting over', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'talk', tool: 'spending', description: 'way: nothing 2000' });
    await until('it has a session', () => bench.store.resolve(task.id).assigned_to !== undefined);
    await bench.worker.stop();
    const paused = bench.store.resolve(task.id);
    assert.deepEqual([paused.status, paused.error_code], ['paused', 'Interrupted']);
    assert.ok(paused.queued_at !== undefined, 'it is asked for again');
    const next = new Worker({ store: bench.store, agents: bench.agents, logger: silentLogger, mode: 'embedded' });
    await next.start();
    context.after(() => next.stop());
    const open = await bench.reaches(task.id, 'completed_active');
    assert.deepEqual(
      open.executions.map(({ outcome }) => outcome),
      ['interrupted', undefined],
    );
    assert.equal(open.executions[1]?.session_id, open.executions[0]?.session_id);
  });

  it('wait for a person after three resumes in a row', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'way: nothing 2000', tool: 'silent' });
    await until('it has a session', () => bench.store.resolve(task.id).executions[0]?.session_id !== undefined);
    await bench.worker.stop();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      // Nobody waits here for the time between.
      await bench.store.transact('test', (draft) => draft.patch(task.id, { not_before: undefined }));
      const worker = new Worker({ store: bench.store, agents: bench.agents, logger: silentLogger, mode: 'embedded' });
      await worker.start();
      await until('it runs or waits', () => {
        const { status, executions, queued_at } = bench.store.resolve(task.id);
        return (
          (status === 'in_progress' && executions.at(-1)?.session_id !== undefined) ||
          (status === 'paused' && queued_at === undefined)
        );
      });
      await worker.stop();
    }
    const last = bench.store.resolve(task.id);
    assert.equal(last.queued_at, undefined);
    assert.equal(last.status, 'paused');
    const interrupted = last.executions.filter(({ error_code }) => error_code === 'Interrupted').length;
    assert.ok(interrupted >= 4 && interrupted <= 5, `${interrupted}`);
  });

  it('wait for their time and then resume unattended', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.store.createTask({ tool: 'SHELL', title: 'later', instructions: 'true' });
    const due = Date.now() + 1_500;
    await bench.store.transact('test', (draft) =>
      draft.patch(id, { queued_at: draft.at, not_before: new Date(due).toISOString() }),
    );
    const now = await bench.run({ title: 'now', instructions: 'true' });
    await bench.reaches(now.id, 'completed');
    const done = await bench.reaches(id, 'completed');
    assert.ok(Date.parse(done.started_at ?? '') >= due, `${done.started_at} is too early`);
  });
});
