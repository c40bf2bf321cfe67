import assert from 'node:assert/strict';
import { it } from 'node:test';
import { claim } from '../../../src/core/task/run.ts';
import { setUsage } from '../../../src/core/task/spend.ts';
import { holdByBudget } from '../../../src/runtime/budget/budget-guard.ts';
import { DayBudget } from '../../../src/runtime/budget/day-budget.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { leaseOf } from '../../core/fixtures.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('holds a task in the transaction that reports the spend that reaches the limit of the day', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context), watch: false });
  context.after(() => store.close());
  const day = new DayBudget(store, () => ({ tokens: 100 }));
  context.after(() => day.dispose());
  const { id } = await store.createTask({ title: 'Spends', tool: 'SHELL' });
  const held = await store.transact('test', (draft) => {
    const execution = { id: 'e1', agent: 'SHELL', worker: 'w1', started_at: draft.at };
    draft.patch(id, claim(draft.require(id), leaseOf('w1'), execution, draft.at));
    const before = holdByBudget(draft.require(id), store.view, draft.at, day);
    draft.patch(id, setUsage(draft.require(id), 'e1', { total_tokens: 150 }));
    // The store has none of this spend yet.
    return [before, holdByBudget(draft.require(id), store.view, draft.at, day)?.error_code];
  });
  assert.deepEqual(held, [undefined, 'TokenLimitExceeded']);
});
