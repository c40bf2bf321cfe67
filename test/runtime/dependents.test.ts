import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/temp-folder.ts';
import { workerBench } from '../support/worker-bench.ts';

describe('tasks whose dependency will not come', () => {
  for (const how of ['failed', 'cancelled', 'deleted'] as const) {
    const lose = async (bench: Awaited<ReturnType<typeof workerBench>>, first: string): Promise<void> => {
      if (how === 'cancelled') await bench.cancel(first);
      if (how === 'deleted') await bench.store.deleteTask(first);
    };
    const first = { title: 'first', instructions: 'exit 1', ...(how === 'failed' ? {} : { requiresApproval: true }) };

    it(`are cancelled when the settings say so, those that wait for them too (${how})`, async (context) => {
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

    it(`go on without it when the settings say so (${how})`, async (context) => {
      const bench = await workerBench(context, { settings: { onDependencyFailed: 'go_on' } });
      const { id } = await bench.store.createTask({ tool: 'SHELL', ...first });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [id] });
      if (how === 'failed') await bench.start(id);
      await lose(bench, id);
      assert.deepEqual((await bench.reaches(second.id, 'completed')).depends_on, []);
    });
  }

  it('wait for a person when the settings say nothing, and run once the dependency is done after all', async (context) => {
    const bench = await workerBench(context);
    const first = await bench.run({ title: 'first', instructions: '[ -f ok ] || { touch ok; exit 1; }' });
    const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
    await bench.reaches(first.id, 'failed');
    assert.equal(bench.store.resolve(second.id).status, 'pending');
    await bench.restart(first.id);
    await bench.reaches(second.id, 'completed');
  });
});
