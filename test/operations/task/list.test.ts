import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskList } from '../../../src/operations/task/list.ts';
import { taskShow } from '../../../src/operations/task/show.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { type Bench, bench } from '../context.ts';

async function filled(context: Parameters<typeof bench>[0]): Promise<Bench> {
  const made = await bench(context);
  const { run } = made;
  await run(taskCreate, { title: 'Design', priority: 'low', project: 'Web', label: ['ui'] });
  await run(taskCreate, { title: 'Build', priority: 'critical', assignedTo: 'SHELL', parentTask: 1 });
  await run(taskCreate, { title: 'Test', priority: 'high', assignedTo: 'gpt-4', label: ['ui', 'slow'] });
  return made;
}

const numbers = (page: { tasks: readonly { number: number }[] }): number[] => page.tasks.map((task) => task.number);

describe('task.list', () => {
  it('returns the newest first, without logs, with the total', async (context) => {
    const { run } = await filled(context);
    const page = await run(taskList, {});
    assert.deepEqual([numbers(page), page.total, page.next], [[3, 2, 1], 3, null]);
    assert.ok(page.tasks.every((task) => !('logs' in task)));
  });

  it('finds tasks by a filter of the view, with situations, beyond the first page', async (context) => {
    const { run, refused } = await filled(context);
    await run(taskCreate, { title: 'Release', dependsOn: ['Build'], label: ['ui'] });
    assert.deepEqual(numbers(await run(taskList, { filter: 'label:ui is:blocked' })), [4]);
    assert.deepEqual(numbers(await run(taskList, { filter: 'agent:shell', label: ['ui'] })), []);
    const page = await run(taskList, { filter: 'is:draft', sort: 'number', order: 'asc', limit: 1, page: 2 });
    assert.deepEqual([numbers(page), page.total, page.next], [[2], 3, 3]);
    const error = await refused(taskList, { filter: 'is:blokced' }, 'InvalidInput');
    assert.match(JSON.stringify(error.next), /is:blocked|blocked/);
    await refused(taskList, { filter: 'ui', archived: true }, 'InvalidInput');
  });

  it('filters by all fields of the specification (F84–F90)', async (context) => {
    const { run } = await filled(context);
    assert.deepEqual(numbers(await run(taskList, { status: ['pending', 'failed'] })), [3, 2, 1]);
    assert.deepEqual(numbers(await run(taskList, { status: ['completed'] })), []);
    assert.deepEqual(numbers(await run(taskList, { tool: ['shell'] })), [2]);
    assert.deepEqual(numbers(await run(taskList, { priority: ['critical', 'low'] })), [2, 1]);
    // The second one is a part of the first one.
    assert.deepEqual(numbers(await run(taskList, { project: 'Web' })), [2, 1]);
    assert.deepEqual(numbers(await run(taskList, { label: ['ui'] })), [3, 1]);
    assert.deepEqual(numbers(await run(taskList, { parentTask: 'Design' })), [2]);
    assert.deepEqual(numbers(await run(taskList, { search: 'uil' })), [2]);
    assert.deepEqual(numbers(await run(taskList, { createdAfter: '2024-01-01' })), [3, 2, 1]);
    assert.deepEqual(numbers(await run(taskList, { createdBefore: '2024-01-01' })), []);
  });

  it('parses assignedTo like task creation: an agent or a model', async (context) => {
    const { run } = await filled(context);
    assert.deepEqual(numbers(await run(taskList, { assignedTo: 'shell' })), [2]);
    assert.deepEqual(numbers(await run(taskList, { assignedTo: 'gpt-4' })), [3]);
    assert.deepEqual(numbers(await run(taskList, { assignedTo: 'SHELL', tool: ['CLAUDECODE'] })), []);
  });

  it('sorts by several keys, in either direction (F156)', async (context) => {
    const { run, refused } = await filled(context);
    assert.deepEqual(numbers(await run(taskList, { sort: 'priority,created_at', order: 'desc' })), [2, 3, 1]);
    assert.deepEqual(numbers(await run(taskList, { sort: 'title' })), [2, 1, 3]);
    assert.deepEqual(numbers(await run(taskList, { sort: '-title' })), [3, 1, 2]);
    assert.match(JSON.stringify((await refused(taskList, { sort: 'colour' }, 'InvalidInput')).next), /created_at/);
  });

  it('returns pages (F112)', async (context) => {
    const { run, refused } = await filled(context);
    const first = await run(taskList, { limit: 2 });
    assert.deepEqual([numbers(first), first.total, first.next], [[3, 2], 3, 2]);
    const second = await run(taskList, { limit: 2, page: first.next ?? 0 });
    assert.deepEqual([numbers(second), second.total, second.next], [[1], 3, null]);
    await refused(taskList, { page: 0 }, 'InvalidInput');
  });

  it('includes the latest changes of another process', async (context) => {
    const { run, store } = await filled(context);
    const other = await TaskStore.open({ folder: store.folder, watch: false });
    context.after(() => other.close());
    const parent = await other.createTask({ title: 'Elsewhere' });
    await other.createTask({ title: 'Part', parentId: parent.id });
    assert.deepEqual(numbers(await run(taskList, { parentTask: 'Elsewhere' })), [5]);
    const late = await other.createTask({ title: 'Later', tool: 'SHELL' });
    assert.equal((await run(taskShow, { task: 'Later' })).id, late.id);
    await other.createTask({ title: 'Last', tool: 'SHELL', instructions: 'true' });
    assert.equal((await run(taskStart, { tasks: ['Last'] })).tasks[0]?.number, 7);
  });

  it('rejects invalid dates', async (context) => {
    const { refused } = await bench(context);
    await refused(taskList, { createdAfter: 'yesterday' }, 'InvalidInput');
  });
});
