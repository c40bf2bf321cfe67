import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usageView } from '../../../src/cli/views/usage.ts';
import { setUsage } from '../../../src/core/task/spend.ts';
import { daySpend } from '../../../src/operations/metrics/day-spend.ts';
import { taskUsage } from '../../../src/operations/metrics/usage.ts';
import { status } from '../../../src/operations/store/status.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { bench, taken } from '../context.ts';

describe('the spend of a day', () => {
  it('is compared with the limits of the day, marks unknown spend, and resets at midnight', async (context) => {
    const budget = { perDay: { costUsd: 5, tokens: 1_000 } };
    const { run, store, settings } = await bench(context, { settings: { budget } });
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    const task = await taken(store, 'A');
    await store.transact('test.usage', (draft) => {
      draft.patch(task.id, setUsage(draft.require('A'), 'e1', { cost_usd: 4.5 }));
    });
    const begun = Date.parse(task.executions[0]?.started_at ?? '');
    const today = daySpend({ store, settings }, begun);
    assert.deepEqual(
      today?.limits.map(({ kind, spent, mark, text }) => [kind, spent, mark, text]),
      [
        ['tokens', null, 0, 'unknown of 1,000 tokens'],
        ['cost', 4.5, 80, '$4.50 of $5.00 (90 %)'],
      ],
    );
    const resets = Date.parse(today?.resets_at ?? '');
    assert.ok(Date.parse(today?.since ?? '') <= begun && begun < resets);
    const tomorrow = daySpend({ store, settings }, resets);
    assert.equal(tomorrow?.since, today?.resets_at);
    assert.deepEqual(
      tomorrow?.limits.map(({ spent }) => spent),
      [0, 0],
    );

    const state = await run(status, {});
    assert.deepEqual(
      state.today?.limits.map(({ limit }) => limit),
      [1_000, 5],
    );
    const usage = await run(taskUsage, { task: 'A' });
    assert.match(
      usageView({ ...usage, today }),
      /^ {2}of the day {2}cost: \$4\.50 of \$5\.00 \(90 %\), .*until midnight$/m,
    );
  });

  it('is absent in a folder without limits of the day', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
    assert.equal((await run(status, {})).today, null);
    const usage = await run(taskUsage, { task: 'A' });
    assert.equal(usage.today, null);
    assert.doesNotMatch(usageView(usage), /today/);
  });
});
