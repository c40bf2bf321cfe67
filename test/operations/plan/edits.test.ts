import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { planApply } from '../../../src/operations/plan/apply.ts';
import { specDraft } from '../../../src/operations/plan/draft.ts';
import { planFromSpec } from '../../../src/operations/plan/from-spec.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { type Bench, bench } from '../context.ts';

const text = '- [ ] A\n- [ ] B\n- [ ] C';

async function draft(tasks: Bench) {
  writeFileSync(join(tasks.store.folder, 'TODO.md'), text);
  const { plan } = await specDraft(tasks.store.folder, 'TODO.md');
  const keys = plan.items.map(({ key }) => key);
  return { plan, keys };
}

describe('plan.apply with the changes of a person', () => {
  it('creates the chosen items with their new titles and limits', async (context: TestContext) => {
    const tasks = await bench(context);
    const { plan, keys } = await draft(tasks);
    const [a = '', b = ''] = keys;
    const edits = { skip: [b], items: { [a]: { title: 'First', limits: { max_duration_minutes: 5 } } } };
    const preview = await tasks.run(planApply, { plan, edits, dryRun: true });
    assert.deepEqual(
      preview.tasks.map(({ title }) => title),
      ['First', 'C'],
    );
    assert.equal((await tasks.store.getTasks()).length, 0);
    await tasks.run(planApply, { plan, edits });
    const [first, second] = await tasks.store.getTasks();
    assert.deepEqual([first?.title, first?.constraints, second?.title], ['First', { max_duration_minutes: 5 }, 'C']);
  });

  it('keeps them when the source is applied again, and adds the items that were left out', async (context: TestContext) => {
    const tasks = await bench(context);
    const { plan, keys } = await draft(tasks);
    const [a = '', b = ''] = keys;
    const edits = { skip: [b], items: { [a]: { title: 'First', limits: { max_tokens: 100 } } } };
    const { missing } = await tasks.run(planApply, { plan, edits });
    assert.deepEqual(missing, []);
    const again = await tasks.run(planApply, { plan, edits });
    assert.deepEqual(
      again.tasks.map(({ change }) => change),
      ['unchanged', 'unchanged'],
    );
    const whole = await tasks.run(planFromSpec, { file: 'TODO.md' });
    assert.deepEqual(
      whole.tasks.map(({ title, change }) => `${title} ${change}`),
      ['A unchanged', 'B new', 'C unchanged'],
    );
    const [first] = await tasks.store.getTasks();
    assert.deepEqual([first?.title, first?.constraints.max_tokens], ['First', 100]);
    // Items that a person leaves out of a later application are not gone from the source.
    const third = await tasks.run(planApply, { plan, edits });
    assert.deepEqual(third.missing, []);
  });

  it('refuses changes without a meaning, and a plan without items', async (context: TestContext) => {
    const tasks = await bench(context);
    const { plan, keys } = await draft(tasks);
    const [a = ''] = keys;
    await tasks.refused(planApply, { plan, edits: { skip: keys, items: {} } }, 'InvalidInput');
    await tasks.refused(planApply, { plan, edits: { skip: [], items: { [a]: { title: ' ' } } } }, 'InvalidInput');
    const limits = { max_tokens: -1 };
    await tasks.refused(planApply, { plan, edits: { skip: [], items: { [a]: { limits } } } }, 'InvalidInput');
    assert.equal((await tasks.store.getTasks()).length, 0);
  });

  it('makes an existing task the group of the items', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id } = await tasks.run(taskCreate, { title: 'Whole', tool: 'SHELL' });
    const plan = 'items:\n  - title: One\n  - title: Two';
    await tasks.run(planApply, { plan, splits: id });
    const whole = tasks.store.resolve(id);
    assert.equal(whole.kind, 'group');
    assert.deepEqual(
      [...tasks.store.view.children(whole.id)].map(({ title }) => title),
      ['One', 'Two'],
    );
    await tasks.refused(planApply, { plan, splits: id }, 'IllegalTransition');
  });
});
