import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Need } from '../../src/core/task/needs.ts';
import type { TaskRecord, TaskStatus } from '../../src/core/task/schema.ts';
import type { FolderState, TaskFolder } from '../../src/vscode/folders/task-folder.ts';
import type { TaskFolders } from '../../src/vscode/folders/task-folders.ts';
import { initialArrangement, readArrangement } from '../../src/vscode/tree/arrangement.ts';
import { PAGE, type TreeNode } from '../../src/vscode/tree/node.ts';
import { TreeModel } from '../../src/vscode/tree/tree-model.ts';
import { at, newTask } from '../core/fixtures.ts';

/** As much of a folder and its store as the tree reads: a map of tasks. */
class FakeFolder {
  readonly tasks = new Map<string, TaskRecord>();
  readonly host = {
    store: { view: this, lastLogAt: () => undefined },
    settings: { worker: {} },
    agents: { get: () => ({}) },
  };
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

  all(): Iterable<TaskRecord> {
    return this.tasks.values();
  }

  children(id: string): TaskRecord[] {
    return [...this.tasks.values()].filter((task) => task.parent_id === id);
  }

  dependents(id: string): TaskRecord[] {
    return [...this.tasks.values()].filter((task) => task.depends_on.some((other) => other === id));
  }
}

let fake: FakeFolder;
let needing: Map<string, Need>;
let folder: TaskFolder;
let model: TreeModel;

beforeEach(() => {
  fake = new FakeFolder();
  folder = fake as unknown as TaskFolder;
  needing = new Map();
  model = new TreeModel({ all: [folder] } as unknown as TaskFolders, { of: () => needing });
});

const status = (node: TreeNode): string => (node.kind === 'group' ? node.key : node.kind);
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

test('tasks that need a person are on top, the most pressing first, and not in the group of their status', () => {
  fake.put(1);
  fake.put(2, { status: 'failed' });
  fake.put(3, { status: 'failed' });
  fake.put(4, { status: 'in_progress' });
  needing = new Map([
    ['task_3', 'failure'],
    ['task_2', 'failure'],
    ['task_4', 'approval'],
  ]);
  assert.deepEqual(titles(draw()), ['needs_you', '#4', '#2', '#3', 'pending', '#1']);
  assert.equal(model.find(folder, 'task_2')?.group.key, 'needs_you');
});

test('a task that begins or ceases to need a person moves', () => {
  fake.put(1, { status: 'in_progress' });
  fake.put(2, { status: 'failed' });
  needing.set('task_2', 'failure');
  draw();
  needing.set('task_1', 'approval');
  assert.equal(redrawn(1, { progress: 3 }), 'all');
  assert.deepEqual(titles(draw()), ['needs_you', '#1', '#2']);
  needing.delete('task_2');
  assert.equal(redrawn(2, { status: 'pending' }), 'all');
  assert.deepEqual(titles(draw()), ['needs_you', '#1', 'pending', '#2']);
});

test('a dependent that is blocked now moves with the change of its dependency', () => {
  fake.put(1, { status: 'failed' });
  fake.put(2, { depends_on: [fake.put(1).id] });
  fake.put(3);
  needing.set('task_1', 'failure');
  draw();
  needing.set('task_2', 'blocked');
  assert.deepEqual(redrawn(1, { error: 'no' }), ['needs_you', 'pending', '#1']);
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

test('tasks are grouped by agent, label or not at all', () => {
  fake.put(1, { tool: 'CODEX', labels: ['api', 'web'] });
  fake.put(2, { labels: ['api'] });
  fake.put(3);
  model.arrange({ ...initialArrangement, group: 'agent' });
  assert.deepEqual(titles(draw()), ['agent:CODEX', '#1', 'agent:SHELL', '#2', '#3']);
  model.arrange({ ...initialArrangement, group: 'label' });
  assert.deepEqual(titles(draw()), ['label:api', '#1', '#2', 'label:web', '#1', 'label:', '#3']);
  model.arrange({ group: 'none', sort: 'priority', filter: '' });
  fake.put(3, { priority: 'high' });
  assert.deepEqual(titles(draw()), ['all', '#3', '#1', '#2']);
});

/** Rows as an indented outline. */
function outline(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap((node) => [`${indent}${titles([node])}`, ...outline(model.children(node), `${indent} `)]);
}

test('a project shows tasks below their parents at any depth, and its progress', () => {
  model.arrange({ ...initialArrangement, group: 'project' });
  const top = fake.put(1, { kind: 'group', project: 'web' });
  const part = fake.put(2, { parent_id: top.id, project: 'web' });
  fake.put(3, { parent_id: part.id, project: 'web', status: 'completed' });
  fake.put(5, { parent_id: top.id, project: 'web', status: 'failed' });
  fake.put(4);
  needing.set('task_5', 'failure');
  const lines = ['needs_you', ' #5', 'project:web', ' #1', '  #2', '   #3', '  #5', 'project:', ' #4'];
  assert.deepEqual(outline(model.roots()), lines);
  const root = model.roots()[1];
  assert.ok(root !== undefined);
  const [row] = model.children(root);
  assert.ok(row?.kind === 'task');
  assert.deepEqual(model.context(row, 0).parts, { done: 1, total: 2 });
  assert.deepEqual(redrawn(3, { title: 'Renamed' }), ['#3', '#2', '#1'], 'with the progress above it');
  assert.deepEqual(redrawn(6, { parent_id: part.id, project: 'web' }), ['#2']);
  assert.equal(redrawn(3, { parent_id: top.id }), 'all', 'it moved below another parent');
});

test('parents in a cycle are not drawn without end', () => {
  model.arrange({ ...initialArrangement, group: 'project' });
  fake.put(3, { parent_id: fake.put(1).id });
  draw();
  fake.put(1, { parent_id: fake.put(3).id });
  assert.deepEqual(outline(model.roots()), ['project:', ' #1', '  #3']);
});

test('a filter finds tasks beyond the first page and follows changes', () => {
  for (let number = 1; number <= PAGE + 5; number += 1) fake.put(number);
  fake.put(PAGE + 5, { labels: ['api'], tool: 'CODEX' });
  model.arrange({ ...initialArrangement, filter: 'agent:codex label:api' });
  assert.deepEqual(titles(draw()), ['pending', `#${PAGE + 5}`]);
  assert.deepEqual(redrawn(7, { labels: ['x'] }), []);
  assert.deepEqual(redrawn(7, { labels: ['api'], tool: 'CODEX' }), ['pending']);
  assert.deepEqual(titles(draw()), ['pending', '#7', `#${PAGE + 5}`]);
  assert.equal(redrawn(7, { labels: [] }), 'all');
});

test('a saved arrangement with unknown values becomes the default', () => {
  assert.deepEqual(readArrangement(undefined), initialArrangement);
  assert.deepEqual(readArrangement({ group: 'moon', sort: 'age', filter: 'is:nonsense' }), {
    ...initialArrangement,
    sort: 'age',
  });
});
