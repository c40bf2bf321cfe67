import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { operations, TaskManager, type TaskQuery, TaskStore } from '../../src/index.ts';
import { bench, logged } from '../operations/context.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

describe('the library at its boundaries', () => {
  it('returns to each of many concurrent updates its own values', async (context: TestContext) => {
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

  it('reports an error when a task reference is missing', async (context: TestContext) => {
    const { store } = await bench(context);
    await assert.rejects(store.getTask(undefined as never), { code: 'InvalidInput', message: /not by undefined/ });
  });

  it('stops calling a removed listener, and calls a one-time listener once', async (context: TestContext) => {
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

  it('refuses to change an archived task, and can delete and count it', async (context: TestContext) => {
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

  it('passes frozen values to listeners, so that they cannot change the store or other listeners', async (context) => {
    const { store } = await bench(context);
    const failures: unknown[] = [];
    const spoil = (change: () => void): void => {
      try {
        change();
      } catch (error) {
        failures.push(error);
      }
    };
    store.on('task:created', ({ task }) => {
      spoil(() => task.labels.push('x'));
      spoil(() => Object.assign(task, { title: 'x' }));
      spoil(() => Object.assign(task.metadata['deep'] as object, { n: 2 }));
    });
    store.on('task:updated', ({ updates }) => spoil(() => Object.assign(updates, { title: 'x' })));
    store.on('task:log:added', ({ entry }) => spoil(() => Object.assign(entry, { message: 'x' })));
    const heard: string[] = [];
    store.on('task:log:added', ({ entry }) => heard.push(entry.message));
    const seen: string[] = [];
    store.on('task:created', ({ task }) => seen.push(task.title, ...task.labels));
    const metadata = { deep: { n: 1 } };
    const { id } = await store.createTask({ title: 'A', labels: ['a'], metadata });
    await store.updateTask(id, { progress: 5 });
    const details = { fileName: 'a.js' };
    await store.addLog(id, 'hello', 'info', details);
    await until('the log entry arrived', () => failures.length >= 4 && heard.includes('hello'));
    assert.equal(heard.includes('x'), false, 'each listener has its own entry');
    assert.ok(failures.every((error) => error instanceof TypeError));
    assert.deepEqual(seen, ['A', 'a']);
    assert.deepEqual((await store.getTask(id))?.metadata, { deep: { n: 1 } });
    assert.throws(() => store.resolve(id).labels.push('x'), TypeError);
    assert.equal(Object.isFrozen(metadata) || Object.isFrozen(details), false, "the caller's own values stay its own");
  });

  it('writes the error of a listener to the log of its task', async (context) => {
    const { store } = await bench(context);
    store.on('task:created', () => {
      throw new RangeError('no room');
    });
    store.on('task:log:added', () => {
      throw new Error('not written: it would be heard again');
    });
    const { id } = await store.createTask({ title: 'A' });
    await logged(store, id, /^A listener of task:created failed: no room$/);
    assert.equal((await store.getTaskLogs(id)).length, 2);
  });

  it('rejects unknown options with a suggestion', async (context) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'A' });
    const refused = (action: Promise<unknown>, message: RegExp): Promise<void> =>
      assert.rejects(action, { code: 'InvalidInput', message });
    await refused(store.listTasks({ fliter: {} } as never), /^Unknown key "fliter"\. Did you mean "filter"\?$/);
    await refused(store.listTasks({ limit: -1 }), /^limit: must be more than 0$/);
    await refused(store.listTasks(null as never), /^The input must be an object$/);
    await refused(store.listTasks({ order: 'up' as never }), /^order: must be one of asc, desc$/);
    await refused(store.getTasks({ stauts: 'pending' } as never), /Did you mean "status"\?$/);
    await refused(store.getLogs(id, { limt: 2 } as never), /Did you mean "limit"\?$/);
    await refused(store.getLogs(id, { filter: 'fatal' as never }), /^filter: must be one of tool_usage, /);
    await refused(store.createTask({ title: 'x', pirority: 'high' } as never), /Did you mean "priority"\?$/);
    await refused(store.updateTask(id, { constraints: { max_tokns: 5 } as never }), /^constraints: .*"max_tokens"\?$/);
    assert.throws(() => store.on('task:craeted' as never, () => {}), { code: 'InvalidInput' });
    assert.throws(() => store.on('task:created', undefined as never), { code: 'InvalidInput' });
    await assert.rejects(store.getLogs('task_none'), {
      code: 'TaskNotFound',
      message: 'There is no task "task_none".',
    });
    await assert.rejects(store.appendLog('task_none', [{ message: 'x' }]), { code: 'TaskNotFound' });
  });

  it('lists archived tasks with the others on request', async (context) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'Old' });
    await store.createTask({ title: 'New' });
    await store.updateTask(id, { status: 'cancelled' });
    await store.archive.add([id]);
    const titles = async (query: TaskQuery): Promise<string[]> =>
      (await store.listTasks(query)).tasks.map(({ title }) => title);
    assert.deepEqual(await titles({}), ['New']);
    assert.deepEqual(await titles({ includeArchived: true }), ['Old', 'New']);
    assert.deepEqual(await titles({ includeArchived: true, sort: '-number', limit: 1 }), ['New']);
    assert.deepEqual(await titles({ includeArchived: true, filter: { status: 'cancelled' } }), ['Old']);
  });

  it('finds the store in the current folder or a parent', async (context: TestContext) => {
    const folder = realpathSync(tempFolder(context));
    const store = await TaskStore.open({ folder, watch: false });
    await store.createTask({ title: 'One', tool: 'SHELL' });
    await store.close();
    const before = process.cwd();
    context.after(() => process.chdir(before));
    process.chdir(folder + '/.systemprompt');
    assert.equal(TaskStore.getInstance().folder, folder);
  });

  it('stores or rejects every field of a task in the task manager', async (context: TestContext) => {
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
