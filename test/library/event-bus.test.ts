import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BusEvent, EventBus } from '../../src/index.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { bench } from '../operations/context.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

describe('EventBus (F174)', () => {
  it('calls decorated handlers for the task and the kind of event', async (context) => {
    const on = await bench(context);
    const bus = new EventBus(on);
    context.after(() => bus.close());
    const events: string[] = [];
    await on.store.createTask({ title: 'One' });
    await on.store.createTask({ title: 'Two' });
    const onProgress = bus.handler('task.1.progress')((event: BusEvent) => {
      events.push(`${event.name} ${event.data.progress}`);
    });
    bus.handler('task.*.status_changed')(async ({ name, data }: BusEvent) => {
      events.push(`${name} ${data.old_status} ${data.new_status}`);
    });
    assert.equal(typeof onProgress, 'function');
    await bus.ready();
    await on.store.updateTask('1', { progress: 40 });
    await on.store.updateTask('2', { progress: 50 });
    await on.store.updateTask('2', { status: 'completed' });
    assert.deepEqual(events, ['task.1.progress 40', 'task.2.status_changed pending completed']);
  });

  it('monitors a project with its new tasks, until the handler is disposed', async (context) => {
    const on = await bench(context);
    const bus = new EventBus(on);
    context.after(() => bus.close());
    const names: string[] = [];
    const monitor = bus.monitorProject('Web', ({ name }) => names.push(name));
    await bus.ready();
    await on.store.createTask({ title: 'One', project: 'Web' });
    await on.store.createTask({ title: 'Two', project: 'App' });
    await on.store.updateTask('1', { progress: 10 });
    monitor.dispose();
    await on.store.updateTask('1', { progress: 20 });
    assert.deepEqual(names, ['task.1.created', 'task.1.updated', 'task.1.progress']);
  });

  it('contains errors of handlers', async (context) => {
    const errors: unknown[] = [];
    const on = await bench(context);
    const bus = new EventBus({ ...on, logger: { ...on.logger, error: (_text, error) => errors.push(error) } });
    context.after(() => bus.close());
    let called = 0;
    bus.on('task.*.created', () => {
      throw new Error('first');
    });
    bus.on('task.*.created', async () => Promise.reject(new Error('second')));
    bus.on('task.*.created', () => {
      called += 1;
    });
    await bus.ready();
    await on.store.createTask({ title: 'One' });
    await until('both errors are logged', async () => errors.length === 2);
    assert.equal(called, 1);
  });

  it('refuses a pattern that matches nothing', async (context) => {
    const bus = new EventBus(await bench(context));
    for (const pattern of [
      '',
      'task',
      'task.1',
      'task.1.finished',
      'job.1.progress',
      'task..progress',
      'task.1.progress.x',
    ]) {
      assert.throws(() => bus.on(pattern, () => {}), /No event matches/);
    }
  });

  it('gets changes of other programs in the folder that it opened itself', async (context) => {
    const folder = tempFolder(context);
    const other = await TaskStore.open({ folder, watch: false });
    context.after(() => other.close());
    await other.createTask({ title: 'One' });
    const bus = new EventBus({ folder });
    const names: string[] = [];
    bus.on('task.*.progress', ({ name }) => names.push(name));
    await bus.ready();
    await other.updateTask('1', { progress: 30 });
    await until('the change arrives', async () => names.length > 0);
    assert.deepEqual(names, ['task.1.progress']);
    await bus.close();
  });
});
