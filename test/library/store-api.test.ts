import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { operations, TaskManager, TaskStore } from '../../src/index.ts';
import { bench } from '../operations/context.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('the library at its doors', () => {
  it('answers each of many concurrent updates with its own values', async (context: TestContext) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'One', tool: 'SHELL' });
    const values = Array.from({ length: 50 }, (_, index) => index);
    const answers = await Promise.all(values.map((progress) => store.updateTask(id, { progress })));
    assert.deepEqual(
      answers.map((task) => task?.progress),
      values,
    );
    const revisions = answers.map((task) => task?.revision);
    assert.equal(new Set(revisions).size, 50);
    assert.equal(Math.max(...revisions.map(Number)), store.view.byId(id)?.revision);
  });

  it('tells what is wrong when a task is named by nothing', async (context: TestContext) => {
    const { store } = await bench(context);
    await assert.rejects(store.getTask(undefined as never), { code: 'InvalidInput', message: /not by undefined/ });
  });

  it('stops calling a listener that is taken off, and calls one for a single event once', async (context: TestContext) => {
    const { store } = await bench(context);
    const heard: string[] = [];
    const always = ({ task }: { task: { title: string } }): void => void heard.push(`always ${task.title}`);
    const single = ({ task }: { task: { title: string } }): void => void heard.push(`once ${task.title}`);
    store.on('task:created', always);
    store.once('task:created', single);
    await store.createTask({ title: 'A', tool: 'SHELL' });
    await store.createTask({ title: 'B', tool: 'SHELL' });
    store.off('task:created', always);
    store.once('task:created', single);
    store.off('task:created', single);
    await store.createTask({ title: 'C', tool: 'SHELL' });
    assert.deepEqual(heard.sort(), ['always A', 'always B', 'once A']);
  });

  it('refuses to change an archived task, deletes it, and counts it', async (context: TestContext) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'Old', tool: 'SHELL' });
    await store.updateTask(id, { status: 'cancelled' });
    await store.archive.add([id]);
    const refusal = { code: 'IllegalTransition', message: '#1 is archived and does not change.' };
    await assert.rejects(store.updateTask(id, { title: 'New' }), refusal);
    await assert.rejects(store.completeTask('Old'), refusal);
    assert.equal((await store.getMetrics()).total, 1);
    assert.equal(await store.deleteTask(id), true);
    assert.equal(await store.deleteTask(id), false);
    assert.equal(await store.getTask(id), null);
  });

  it('finds the store upwards from the current folder', async (context: TestContext) => {
    const folder = realpathSync(tempFolder(context));
    const store = await TaskStore.open({ folder, watch: false });
    await store.createTask({ title: 'One', tool: 'SHELL' });
    await store.close();
    const before = process.cwd();
    context.after(() => process.chdir(before));
    process.chdir(folder + '/.systemprompt');
    assert.equal(TaskStore.getInstance().folder, folder);
  });

  it('takes every field of a task in the task manager, or refuses it', async (context: TestContext) => {
    const host = await bench(context);
    const manager = new TaskManager(host);
    await operations['task.create'].run(host, { title: 'First' });
    const task = await manager.createTask({
      title: 'Second',
      tool: 'SHELL',
      instructions: 'true',
      dependsOn: [1],
      labels: ['a'],
      acceptanceCriteria: ['It works.'],
      requiresApproval: true,
    });
    const { tool, instructions, labels, acceptance_criteria: criteria } = task;
    assert.deepEqual([tool, instructions, labels, criteria], ['SHELL', 'true', ['a'], ['It works.']]);
    assert.equal(task.depends_on.length, 1);
    assert.equal(task.approval?.required, true);
    await assert.rejects(manager.createTask({ title: 'x', colour: 'red' } as never), { code: 'InvalidInput' });
  });
});
