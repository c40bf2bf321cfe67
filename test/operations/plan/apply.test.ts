import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { planApply } from '../../../src/operations/plan/apply.ts';
import { bench } from '../context.ts';

const plan = `
project: Shop
items:
  - title: Schema
    agent: SHELL
    instructions: "true"
  - title: Models
    agent: SHELL
    instructions: "true"
    dependsOn: [Schema]
    priority: high
    labels: [db]
    children:
      - key: tests
        title: Model tests
        status: completed
`;

describe('plan.apply', () => {
  it('creates every task with its parent, dependencies, project and status', async (context: TestContext) => {
    const tasks = await bench(context);
    const { applied, tasks: made } = await tasks.run(planApply, { plan });
    assert.equal(applied, true);
    const [schema, models, tests] = made.map(({ id }) => tasks.store.resolve(id ?? ''));
    assert.deepEqual([models?.depends_on, models?.priority, models?.labels], [[schema?.id], 'high', ['db']]);
    assert.deepEqual([tests?.parent_id, tests?.status, tests?.project], [models?.id, 'completed', 'Shop']);
    assert.deepEqual(
      made.map(({ number }) => number),
      [schema, models, tests].map((task) => task?.number),
    );
  });

  it('queues pending tasks with start and requests a worker', async (context: TestContext) => {
    const tasks = await bench(context);
    const { tasks: made } = await tasks.run(planApply, { plan, start: true });
    const queued = made.map(({ id }) => tasks.store.resolve(id ?? '').queued_at !== undefined);
    assert.deepEqual(queued, [true, true, false]);
    assert.equal(tasks.ensured(), 1);
  });

  it('names the item with a fault', async (context: TestContext) => {
    const tasks = await bench(context);
    const message = async (text: string): Promise<string> =>
      (await tasks.refused(planApply, { plan: text }, 'InvalidInput')).message;
    assert.match(
      await message('items:\n  - title: Build\n    children:\n      - title: Test\n        instr: x'),
      /^The plan, item "Test" in "Build": unknown key "instr"\./,
    );
    assert.match(await message('items:\n  - title: a\n  - {}'), /^The plan, item 2: key: /);
    assert.match(await message('project: 3\nitems: [{ title: a }]'), /^The plan: project: /);
    const many = `items:\n${'  - title: a\n'.repeat(10_001)}`;
    const error = await tasks.refused(planApply, { plan: many }, 'TooLarge');
    assert.equal(error.message, 'The plan has more than 10,000 items.');
  });

  it('creates nothing unless it can create every task', async (context: TestContext) => {
    const tasks = await bench(context);
    const bad = [
      'items:\n  - title: a\n    dependsOn: [ghost]',
      'items:\n  - title: a\n    dependsOn: [b]\n  - title: b\n    dependsOn: [a]',
      'items:\n  - title: a\n  - title: a',
      'items: []',
      'items:\n  - title: a\n  - title: ""',
      'items:\n  - title: a\n    agnet: SHELL',
      'items: 7',
      '[',
      'items:\n  - title: first\n  - title: a\n    constraints: { max_tokens: -1 }',
    ];
    for (const text of bad) await tasks.refused(planApply, { plan: text }, 'InvalidInput');
    await tasks.refused(planApply, { plan: 'items:\n  - title: a\n    agent: NOBODY' }, 'AgentNotFound');
    await tasks.refused(planApply, { plan, parentTask: '99' }, 'TaskNotFound');
    const scriptless = 'items:\n  - { title: a, agent: SHELL }';
    await tasks.refused(planApply, { plan: scriptless, start: true }, 'InvalidInput');
    assert.equal((await tasks.store.getTasks()).length, 0);
  });

  it('resolves existing tasks by number', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id, number } = await tasks.store.createTask({ title: 'Base' });
    const { tasks: made } = await tasks.run(planApply, {
      plan: { items: [{ key: 'a', title: 'On top', dependsOn: [String(number)] }] },
      parentTask: undefined,
    });
    assert.deepEqual(tasks.store.resolve(made[0]?.id ?? '').depends_on, [id]);
  });
});
