import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { TaskRecord, TaskStatus } from '../../src/core/task/schema.ts';
import type { FolderState, TaskFolder } from '../../src/vscode/folders/task-folder.ts';
import type { TaskFolders } from '../../src/vscode/folders/task-folders.ts';
import { PAGE, type TreeNode } from '../../src/vscode/tree/node.ts';
import { TreeModel } from '../../src/vscode/tree/tree-model.ts';
import { at, newTask } from '../core/fixtures.ts';

/** As much of a folder and its store as the tree reads: a map of tasks. */
class FakeFolder {
  readonly tasks = new Map<string, TaskRecord>();
  readonly host = { store: { view: this }, settings: { worker: {} }, agents: { get: () => ({}) } };
  state: FolderState = { kind: 'loading' };
  reads = 0;

  put(number: number, fields: Partial<TaskRecord> = {}): TaskRecord {
    const id = `task_${number}`;
    const task = {
      ...newTask({ title: `Task ${number}` }, number),
      ...this.tasks.get(id),
      ...fields,
      id,
    } as TaskRecord;
    this.tasks.set(id, task);
    return task;
  }

  byId(id: string): TaskRecord | undefined {
    return this.tasks.get(id);
  }

  *byStatus(status: TaskStatus): Iterable<TaskRecord> {
    for (const task of this.tasks.values()) {
      this.reads += 1;
      if (task.status === status) yield task;
    }
  }

  count(status: TaskStatus): number {
    let count = 0;
    for (const task of this.tasks.values()) if (task.status === status) count += 1;
    return count;
  }

  dependents(id: string): TaskRecord[] {
    return [...this.tasks.values()].filter((task) => task.depends_on.some((other) => other === id));
  }
}

let fake: FakeFolder;
let folder: TaskFolder;
let model: TreeModel;

beforeEach(() => {
  fake = new FakeFolder();
  folder = fake as unknown as TaskFolder;
  model = new TreeModel({ all: [folder] } as unknown as TaskFolders);
});

const status = (node: TreeNode): string => (node.kind === 'group' ? node.status : node.kind);
const draw = (): TreeNode[] => model.roots().flatMap((root) => [root, ...model.children(root)]);
const titles = (nodes: readonly TreeNode[]): string[] =>
  nodes.map((node) => (node.kind === 'task' ? `#${node.task.number}` : status(node)));

/** What a change of a task draws again. */
function redrawn(number: number, fields?: Partial<TaskRecord>): string | string[] {
  const task = fields === undefined ? undefined : fake.put(number, fields);
  if (task === undefined) fake.tasks.delete(`task_${number}`);
  const what = model.change({ folder, taskId: `task_${number}`, task });
  return what === 'all' ? 'all' : titles(what);
}

test('groups with tasks are shown in the order of the lifecycle', () => {
  fake.put(1, { status: 'completed' });
  fake.put(2);
  fake.put(3, { status: 'failed' });
  assert.deepEqual(model.roots().map(status), ['pending', 'completed', 'failed']);
});

test('a changed row is redrawn alone, and an identical one is not', () => {
  fake.put(1, { status: 'in_progress', active_since: at(0), started_at: at(0) });
  draw();
  assert.deepEqual(redrawn(1, { progress: 40 }), ['#1']);
  assert.deepEqual(redrawn(1, { usage: { total_tokens: 5 } }), []);
});

test('a row that moves to another group is redrawn with the whole tree to keep the selection', () => {
  fake.put(1);
  draw();
  assert.equal(redrawn(1, { status: 'in_progress', started_at: at(0) }), 'all');
});

test('a new task redraws its group, and the first of a group the whole tree', () => {
  fake.put(1);
  draw();
  assert.deepEqual(redrawn(2, {}), ['pending']);
  draw();
  assert.equal(redrawn(3, { status: 'failed' }), 'all');
});

test('the last task of a group removes the group', () => {
  fake.put(1);
  fake.put(2, { status: 'failed' });
  draw();
  assert.equal(redrawn(2), 'all');
});

test('a changed position redraws the group', () => {
  fake.put(1);
  fake.put(2);
  draw();
  assert.deepEqual(redrawn(2, { priority: 'high' }), ['pending']);
  assert.deepEqual(titles(draw()), ['pending', '#2', '#1']);
});

test('a request followed by another one redraws the row', () => {
  const ask = (id: string) => ({
    id,
    number: 1,
    kind: 'tool' as const,
    title: 'rm',
    status: 'pending' as const,
    requested_at: at(0),
  });
  fake.put(1, { status: 'paused', pause_reason: 'approval', approvals: [ask('a')] });
  draw();
  assert.deepEqual(redrawn(1, { approvals: [ask('b')] }), ['#1']);
});

test('a change of a dependency redraws its dependents, even if its own group is collapsed', () => {
  fake.put(1, { status: 'completed_active' });
  fake.put(2, { status: 'completed_active' });
  fake.put(4, { status: 'completed' });
  fake.put(3, { depends_on: [fake.put(1).id] });
  for (const group of model.roots()) if (status(group) === 'pending') model.children(group);
  assert.deepEqual(redrawn(1, { status: 'completed' }), ['completed_active', 'completed', '#3']);
});

test('elements keep their identity', () => {
  fake.put(1);
  const before = draw();
  redrawn(1, { title: 'Renamed' });
  assert.ok(draw().every((node, index) => node === before[index]));
});

test('a large group shows a page and a row for more', () => {
  for (let number = 1; number <= PAGE + 5; number += 1) fake.put(number);
  const [group, ...rows] = draw();
  assert.equal(rows.length, PAGE + 1);
  assert.equal(rows.at(-1)?.kind, 'more');
  assert.ok(group?.kind === 'group');
  group.limit += PAGE;
  assert.equal(model.children(group).length, PAGE + 5);
  assert.deepEqual(redrawn(PAGE + 100, {}), ['pending']);
});

test('a collapsed group costs only its count', () => {
  for (let number = 1; number <= 500; number += 1) fake.put(number, { status: 'completed' });
  model.roots();
  redrawn(7, { labels: ['x'] });
  assert.equal(fake.reads, 0);
});

test('every element has a parent', () => {
  fake.put(1);
  const [group, task] = draw();
  assert.ok(group !== undefined && task !== undefined);
  assert.equal(model.parent(task), group);
  assert.equal(model.parent(group), undefined);
  assert.equal(model.find(folder, 'task_1'), task);
});

test('a folder that opens with the displayed content redraws nothing', () => {
  fake.put(1);
  fake.put(2, { status: 'completed' });
  assert.equal(model.outdated(), true, 'nothing was drawn yet');
  draw();
  assert.equal(model.outdated(), false);
  fake.put(1);
  assert.equal(model.outdated(), false, 'opened anew, with the same tasks');
  fake.put(1, { title: 'Renamed by another' });
  assert.equal(model.outdated(), true, 'a row has other words');
  draw();
  fake.put(1, { priority: 'high' });
  fake.put(3, { priority: 'critical' });
  fake.tasks.delete('task_2');
  fake.put(4, { status: 'completed' });
  assert.equal(model.outdated(), true, 'another row comes first');
  draw();
  fake.state = { kind: 'absent' };
  assert.equal(model.outdated(), true, 'what a row of the folder says of it is other');
  draw();
  assert.equal(model.outdated(), false);
});

test('a task that replaces another one is drawn', () => {
  fake.put(1);
  draw();
  fake.tasks.delete('task_1');
  fake.put(2);
  assert.equal(model.outdated(), true);
});
