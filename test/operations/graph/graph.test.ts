import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textStep } from '../../../src/core/next-step.ts';
import { taskGraph } from '../../../src/operations/graph/graph.ts';
import { taskRemoveDependency } from '../../../src/operations/graph/remove-dependency.ts';
import { taskValidateDependencies } from '../../../src/operations/graph/validate-dependencies.ts';
import { taskCancel } from '../../../src/operations/task/cancel.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { addTask } from '../../../src/store/task-changes.ts';
import { type Bench, bench } from '../context.ts';

async function shop(on: Bench): Promise<void> {
  await on.run(taskCreate, { title: 'base', project: 'Core' });
  await on.run(taskCreate, { title: 'cart', project: 'Shop', dependsOn: [1] });
  await on.run(taskCreate, { title: 'pay', project: 'Shop', dependsOn: [2] });
  await on.run(taskCreate, { title: 'apart', project: 'Shop' });
}

describe('task.validate-dependencies', () => {
  it('finds no problem if every task can become ready (F214)', async (context) => {
    const on = await bench(context);
    await shop(on);
    const report = await on.run(taskValidateDependencies, { project: 'Shop' });
    assert.deepEqual(report, { valid: true, tasks: 3, dependencies: 2, circles: [], lost: [] });
  });

  it('finds cycles through other projects, but not cycles entirely in them', async (context) => {
    const on = await bench(context);
    await shop(on);
    // As a file of another program may say it; the store itself refuses it.
    const ids = ['1', '3'].map((number) => on.store.resolve(number).id);
    await on.store.transact('test.circle', (draft) => draft.patch(ids[0] ?? '', { depends_on: ids.slice(1) }));
    const report = await on.run(taskValidateDependencies, { project: 'Shop' });
    assert.equal(report.valid, false);
    assert.deepEqual(
      report.circles.map((circle) => circle.map(({ number }) => number)),
      [[1, 3, 2]],
    );
    await on.run(taskCreate, { title: 'elsewhere', project: 'Other' });
    assert.equal((await on.run(taskValidateDependencies, { project: 'Other' })).valid, true);
  });

  it('finds tasks that wait for a cancelled or deleted task, until they end', async (context) => {
    const on = await bench(context);
    await shop(on);
    const { id } = on.store.resolve('2');
    await on.run(taskCancel, { tasks: [1] });
    await on.run(taskDelete, { tasks: [2] });
    await on.run(taskCreate, { title: 'too', dependsOn: [3] });
    await on.run(taskCancel, { tasks: [3] });
    const { lost } = await on.run(taskValidateDependencies, {});
    assert.deepEqual(
      lost.map((task) => [task.number, task.on.map((other) => [other.number, other.status])]),
      [[5, [[3, 'cancelled']]]],
    );
    await on.store.transact('test.open', (draft) => draft.patch(draft.require('5').id, { depends_on: [id] }));
    const [gone] = (await on.run(taskValidateDependencies, {})).lost;
    assert.deepEqual(gone?.on, [{ id, number: null, title: null, status: 'deleted' }]);
  });
});

describe('task.graph', () => {
  it('draws the tasks of a project with their outside dependencies (F215)', async (context) => {
    const on = await bench(context);
    await shop(on);
    const drawn = await on.run(taskGraph, { project: 'Shop' });
    assert.equal(
      drawn.graph,
      '#1 base  pending\n#4 apart  pending\n#2 cart  pending\n  after #1\n#3 pay  pending\n  after #2',
    );
    assert.deepEqual([drawn.tasks, drawn.dependencies, drawn.alone], [4, 2, 1]);
    assert.match((await on.run(taskGraph, { format: 'mermaid' })).graph, /^graph LR\n[\s\S]*t1 --> t2/);
  });

  it('suggests the closest name for an unknown project and lists all', async (context) => {
    const on = await bench(context);
    await shop(on);
    const next = [textStep('Did you mean "Shop"?'), textStep('There are tasks in: Core, Shop.')];
    const slip = { code: 'TaskNotFound', next };
    await assert.rejects(on.run(taskGraph, { project: 'Shpo' }), slip);
    await assert.rejects(on.run(taskValidateDependencies, { project: 'Shpo' }), slip);
  });

  it('draws nothing for an empty project', async (context) => {
    const on = await bench(context);
    assert.equal((await on.run(taskGraph, {})).graph, '');
  });

  it('names a deleted dependency by number and title, which also remove it', async (context) => {
    const on = await bench(context);
    await shop(on);
    await on.run(taskDelete, { tasks: [1] });
    assert.match((await on.run(taskGraph, {})).graph, /#2 cart {2}pending\n {2}after #1 "base" \(deleted\)/);
    const [lost] = (await on.run(taskValidateDependencies, {})).lost;
    assert.deepEqual(
      lost?.on.map(({ number, title, status }) => [number, title, status]),
      [[1, 'base', 'deleted']],
    );
    const freed = await on.run(taskRemoveDependency, { task: 2, dependsOn: 1 });
    assert.deepEqual([freed.depends_on, freed.deleted_dependencies], [[], undefined]);
  });

  it('warns of a graph over the default size limit of Mermaid', async (context) => {
    const on = await bench(context);
    await on.store.transact('test.many', (draft) => {
      for (let number = 1; number <= 300; number += 1) addTask(draft, { title: 'x'.repeat(200) });
    });
    const { warning } = await on.run(taskGraph, { format: 'mermaid' });
    assert.match(
      warning ?? '',
      /at most 50,000 characters and 500 edges by default; this graph has 6\d,\d{3} characters/,
    );
    assert.equal((await on.run(taskGraph, { format: 'dot' })).warning, undefined);
  });
});
