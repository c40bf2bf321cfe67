import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { Worker } from '../../../src/runtime/schedule/worker.ts';
import { until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

describe('dependents of a task that will not complete', () => {
  for (const how of ['failed', 'cancelled', 'deleted'] as const) {
    const lose = async (bench: Awaited<ReturnType<typeof workerBench>>, first: string): Promise<void> => {
      if (how === 'cancelled') await bench.cancel(first);
      if (how === 'deleted') await bench.store.deleteTask(first);
    };
    const first = { title: 'first', instructions: 'exit 1', ...(how === 'failed' ? {} : { requiresApproval: true }) };

    it(`are cancelled by that setting, including indirect ones (${how})`, async (context) => {
      const bench = await workerBench(context, { settings: { onDependencyFailed: 'cancel' } });
      const { id } = await bench.store.createTask({ tool: 'SHELL', ...first });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [id] });
      const third = await bench.run({ title: 'third', instructions: 'true', dependsOn: [second.id] });
      if (how === 'failed') await bench.start(id);
      await lose(bench, id);
      const cancelled = await bench.reaches(third.id, 'cancelled');
      assert.match(cancelled.history.at(-1)?.reason ?? '', /^cancelled because #2 "second" was cancelled$/);
      const says = /^Cancelled, because .*(failed|was cancelled|was deleted)\.$/;
      await until('its log says why', async () =>
        (await bench.store.getTaskLogs(second.id)).some(({ message }) => says.test(message)),
      );
    });

    it(`run without it by that setting (${how})`, async (context) => {
      const bench = await workerBench(context, { settings: { onDependencyFailed: 'ignore' } });
      const { id } = await bench.store.createTask({ tool: 'SHELL', ...first });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [id] });
      if (how === 'failed') await bench.start(id);
      await lose(bench, id);
      assert.deepEqual((await bench.reaches(second.id, 'completed')).depends_on, []);
    });
  }

  for (const policy of ['cancel', 'ignore'] as const) {
    const settings = { onDependencyFailed: policy, recovery: { AgentCrashed: true as const } };

    it(`wait while the failed task is about to retry (${policy})`, async (context) => {
      const bench = await workerBench(context, { settings });
      const first = await bench.run({ title: 'crash once', tool: 'crashing-once' });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
      const { depends_on } = await bench.reaches(second.id, 'completed', 'cancelled');
      const { status, recoveries } = bench.store.resolve(first.id);
      assert.deepEqual([status, recoveries, depends_on], ['completed', { AgentCrashed: 1 }, [first.id]]);
      assert.equal(bench.store.resolve(second.id).status, 'completed');
    });

    it(`wait for the recovery of the failed task if no worker ran at the failure (${policy})`, async (context) => {
      const bench = await workerBench(context);
      const first = await bench.run({ title: 'crash once', tool: 'crashing-once' });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
      await until('it was let go', () => {
        const { status, lease } = bench.store.resolve(first.id);
        return status === 'failed' && lease === undefined;
      });
      await bench.worker.stop();
      const { store, agents } = bench;
      const next = new Worker({ store, agents, logger: silentLogger, mode: 'embedded', settings });
      await next.start();
      context.after(() => next.stop());
      const { status, depends_on } = await bench.reaches(second.id, 'completed', 'cancelled');
      assert.deepEqual([status, depends_on], ['completed', [first.id]]);
    });
  }

  it('are settled after the last recovery attempt', async (context) => {
    const recovery = { AgentCrashed: { action: 'retry' as const, times: 1 } };
    const bench = await workerBench(context, { settings: { onDependencyFailed: 'cancel', recovery } });
    const first = await bench.run({ title: 'crash', tool: 'crashing' });
    const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
    await bench.reaches(second.id, 'cancelled');
    const { status, executions } = bench.store.resolve(first.id);
    assert.deepEqual([status, executions.length], ['failed', 2]);
  });

  it('are settled at once if raising a limit would not help', async (context) => {
    const recovery = { AgentCrashed: { action: 'raise_budget' as const } };
    const bench = await workerBench(context, { settings: { onDependencyFailed: 'cancel', recovery } });
    const first = await bench.run({ title: 'crash', tool: 'crashing' });
    const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
    await bench.reaches(second.id, 'cancelled');
  });

  it('wait for a person by default, and run after the dependency completes', async (context) => {
    const bench = await workerBench(context);
    const first = await bench.run({ title: 'first', instructions: '[ -f ok ] || { touch ok; exit 1; }' });
    const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
    await bench.reaches(first.id, 'failed');
    assert.equal(bench.store.resolve(second.id).status, 'pending');
    await bench.restart(first.id);
    await bench.reaches(second.id, 'completed');
  });
});
