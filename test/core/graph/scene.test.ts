import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { criticalPath } from '../../../src/core/graph/critical-path.ts';
import { markOfStatus } from '../../../src/core/graph/marks.ts';
import { type GraphDetail, type Scene, sceneOf } from '../../../src/core/graph/scene.ts';
import type { GraphScope, ScopeTasks } from '../../../src/core/graph/scope.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskId, taskWith } from '../fixtures.ts';

const id = (number: number): TaskRecord['id'] => taskId(`task_${number}`);

interface Sample {
  readonly project?: string;
  readonly parent?: number;
  readonly after?: readonly number[];
  readonly status?: TaskRecord['status'];
}

function board(samples: readonly Sample[]): ScopeTasks & { readonly list: TaskRecord[] } {
  const list = samples.map(({ project, parent, after = [], status = 'pending' }, at) =>
    taskWith({
      id: id(at + 1),
      number: at + 1,
      title: `T${at + 1}`,
      status,
      depends_on: after.map(id),
      ...(project === undefined ? {} : { project }),
      ...(parent === undefined ? {} : { parent_id: id(parent) }),
    }),
  );
  const byId = (wanted: string) => list.find((task) => task.id === wanted);
  return {
    list,
    all: () => list,
    byId,
    dependency: byId,
    byProject: (project) => list.filter((task) => task.project === project),
    children: (parent) => list.filter((task) => task.parent_id === parent),
    dependents: (on) => list.filter((task) => task.depends_on.some((each) => each === on)),
  };
}

const all: GraphScope = { project: '', phase: '', task: '' };
const scene = (tasks: ScopeTasks, scope: Partial<GraphScope> = {}, detail: GraphDetail = 'auto'): Scene =>
  sceneOf(tasks, { ...all, ...scope }, detail, ({ status }) => markOfStatus[status]);
const numbers = ({ nodes }: Scene): number[] => nodes.map(({ number }) => number);

describe('the scene of the graph page', () => {
  it('relates tasks to dependencies and parents, without lines from parents that dependencies imply', () => {
    const { nodes, total } = scene(board([{}, { parent: 1 }, { parent: 1, after: [2] }, { parent: 1, after: [1] }]));
    assert.equal(total, 4);
    assert.deepEqual(
      nodes.map((node) => [node.after, node.kind === 'task' ? node.parent : 'cluster']),
      [
        [[], undefined],
        [[1], 1],
        [[2], 1],
        [[1], 1],
      ],
    );
  });

  it('narrows to a project, a phase, and the neighbourhood of a task', () => {
    const tasks = board([
      { project: 'Shop' },
      { project: 'Shop', parent: 1 },
      { project: 'Shop', after: [2] },
      { project: 'Site', after: [3] },
      {},
    ]);
    assert.deepEqual(numbers(scene(tasks, { project: 'Shop' })), [1, 2, 3]);
    assert.deepEqual(numbers(scene(tasks, { project: '-' })), [5]);
    assert.deepEqual(numbers(scene(tasks, { project: 'Shop', phase: id(1) })), [1, 2]);
    assert.deepEqual(numbers(scene(tasks, { project: 'Shop', phase: '-' })), [3]);
    assert.deepEqual(numbers(scene(tasks, { task: id(4) })), [1, 2, 3, 4]);
    assert.deepEqual(numbers(scene(tasks, { task: 'gone' })), [1, 2, 3, 4, 5]);
  });

  it('shows clusters of many tasks by project, then by phase, then the tasks', () => {
    const many = Array.from({ length: 600 }, (_, at): Sample => {
      const project = at % 2 === 0 ? 'Shop' : 'Site';
      const parent = at < 4 ? undefined : (at % 4) + 1;
      return { project, after: at === 5 ? [5] : [], ...(parent === undefined ? {} : { parent }) };
    });
    const tasks = board(many);
    const projects = scene(tasks);
    assert.deepEqual(
      projects.nodes.map((node) => (node.kind === 'cluster' ? [node.name, node.tasks, node.after, node.marks] : node)),
      [
        ['Shop', 300, [], { ready: 300 }],
        ['Site', 300, [1], { ready: 300 }],
      ],
    );
    const phases = scene(tasks, { project: 'Shop' }, 'clusters');
    assert.deepEqual(
      phases.nodes.map((node) => (node.kind === 'cluster' ? [node.name, node.scope.phase, node.tasks] : node)),
      [
        ['#1 T1', id(1), 150],
        ['#3 T3', id(3), 150],
      ],
    );
    assert.equal(scene(tasks, { project: 'Shop', phase: id(3) }).nodes.length, 150);
    assert.equal(scene(tasks, {}, 'tasks').nodes.length, 600);
    assert.equal(projects.canSwitch, true);
    assert.equal(scene(tasks, { project: 'Shop', phase: id(3) }).canSwitch, false);
  });

  it('shows at most 3,000 tasks, the unfinished ones first', () => {
    const flat = board(
      Array.from({ length: 3_200 }, (_, at): Sample => ({ status: at < 3_000 ? 'completed' : 'pending' })),
    );
    const { nodes, total } = scene(flat);
    assert.deepEqual([nodes.length, total], [3_000, 3_200]);
    assert.equal(nodes.filter((node) => node.kind === 'task' && node.mark === 'ready').length, 200);
  });
});

describe('the critical path', () => {
  it('is the longest chain of unfinished tasks', () => {
    const { list } = board([
      { status: 'completed' },
      { after: [1] },
      { after: [2] },
      {},
      { after: [3, 4] },
      { after: [4] },
    ]);
    assert.deepEqual(criticalPath(list), [id(2), id(3), id(5)]);
  });

  it('is empty without unfinished chains, and ends in a cycle', () => {
    assert.deepEqual(criticalPath(board([{}, { status: 'completed' }, { after: [2] }]).list), []);
    assert.ok(criticalPath(board([{ after: [2] }, { after: [1] }, { after: [2] }]).list).length <= 3);
  });
});
