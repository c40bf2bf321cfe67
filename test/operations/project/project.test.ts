import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { projectCreate } from '../../../src/operations/project/create.ts';
import { projectList } from '../../../src/operations/project/list.ts';
import { projectShow } from '../../../src/operations/project/show.ts';
import { next } from '../../../src/operations/queue/next.ts';
import { bench } from '../context.ts';

describe('projects', () => {
  it('are created once by name', async (context) => {
    const on = await bench(context);
    const { kind, project } = await on.run(projectCreate, { name: 'Web', description: 'The shop.' });
    assert.deepEqual([kind, project], ['group', 'Web']);
    await on.refused(projectCreate, { name: 'Web' }, 'InvalidInput');
  });

  it('have numbers that leave out groups and cancelled tasks', async (context) => {
    const on = await bench(context);
    await on.run(projectCreate, { name: 'Web', description: 'The shop.' });
    for (const title of ['A', 'B', 'C']) await on.store.createTask({ title, project: 'Web' });
    await on.store.createTask({ title: 'D', project: 'App' });
    await on.store.updateTask('2', { status: 'completed' });
    await on.store.updateTask('3', { status: 'cancelled' });
    const { projects } = await on.run(projectList, {});
    assert.deepEqual(
      projects.map(({ name, number, tasks, progress, description }) => [name, number, tasks, progress, description]),
      [
        ['App', null, 1, 0, ''],
        ['Web', 1, 3, 50, 'The shop.'],
      ],
    );
    const shown = await on.run(projectShow, { name: 'Web' });
    assert.deepEqual(
      shown.items.map(({ number }) => number),
      [1, 2, 3, 4],
    );
    await on.refused(projectShow, { name: 'Wep' }, 'TaskNotFound');
  });
});

describe('next', () => {
  it('gives tasks that can start, the most urgent first, also while the queue is paused', async (context) => {
    const on = await bench(context);
    const low = { tool: 'SHELL' as const, instructions: 'true', priority: 'low' as const };
    const first = await on.store.createTask({ title: 'Low', ...low });
    await on.store.createTask({ title: 'After', ...low, priority: 'critical', dependsOn: [first.id] });
    await on.store.createTask({ title: 'High', ...low, priority: 'high', project: 'Web' });
    const numbers = async (input: Parameters<typeof on.run<typeof next.input, typeof next.output>>[1]) =>
      (await on.run(next, input)).tasks.map(({ number }) => number);
    // The low one holds up a critical one, so that it is as urgent.
    assert.deepEqual(await numbers({ limit: 5 }), [1, 3]);
    assert.deepEqual(await numbers({}), [1]);
    assert.deepEqual(await numbers({ project: 'Web' }), [3]);
  });
});
