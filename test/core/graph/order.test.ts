import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { drawGraph } from '../../../src/core/graph/draw.ts';
import { dependencyOrder } from '../../../src/core/graph/order.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskId, taskWith } from '../fixtures.ts';

const id = (index: number): TaskRecord['id'] => taskId(`task_${index}`);

function board(dependencies: readonly (readonly number[])[], title = 'T'): TaskRecord[] {
  return dependencies.map((on, index) =>
    taskWith({ id: id(index), number: index + 1, title: `${title}${index + 1}`, depends_on: on.map(id) }),
  );
}

const numbers = (groups: readonly (readonly TaskRecord[])[]): number[][] =>
  groups.map((group) => group.map(({ number }) => number));

describe('dependencyOrder', () => {
  test('puts a task into the layer after its last dependency', () => {
    const { layers, circles } = dependencyOrder(board([[2], [], [1], [0, 1]]));
    assert.deepEqual(numbers(layers), [[2], [3], [1], [4]]);
    assert.deepEqual(circles, []);
  });

  test('returns cycles in order, including self-dependencies, without the tasks that wait for them', () => {
    const { circles } = dependencyOrder(board([[1], [2], [0], [0], [4], []]));
    assert.deepEqual(numbers(circles), [[1, 2, 3], [5]]);
  });

  test('puts every task into one layer, after its dependencies unless a cycle precedes it', () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(graphs, (graph) => {
        const tasks = board(graph);
        const { layers, circles } = dependencyOrder(tasks);
        const layerOf = new Map(layers.flatMap((layer, at) => layer.map((task) => [task.id as string, at] as const)));
        assert.equal(layers.flat().length, tasks.length);
        for (const circle of circles) {
          circle.forEach((task, at) => {
            const next = circle[(at + 1) % circle.length];
            assert.ok(next !== undefined && task.depends_on.includes(next.id));
          });
        }
        const late = tasks.filter((task) =>
          task.depends_on.some((other) => (layerOf.get(other) ?? -1) >= (layerOf.get(task.id) ?? 0)),
        );
        const inCircles = new Set(circles.flat());
        for (const task of late) assert.ok(inCircles.has(task), `${task.title} is before what it depends on`);
      }),
    );
  });

  test('handles a chain of 50,000 and 50,000 dependents of one task', () => {
    const chain = dependencyOrder(
      board(Array.from({ length: 50_000 }, (_, index) => (index === 0 ? [] : [index - 1]))),
    );
    assert.equal(chain.layers.length, 50_000);
    const star = dependencyOrder(board(Array.from({ length: 50_000 }, (_, index) => (index === 0 ? [] : [0]))));
    assert.equal(star.layers.length, 2);
  });
});

describe('drawGraph', () => {
  const hostile = board([[], [0]], 'a"]; <script>&\\ #x;\n');

  test('lists the order and the missing tasks as text', () => {
    assert.equal(
      drawGraph(board([[2, 8], [], []]), 'text'),
      '#2 T2  pending\n#3 T3  pending\n#1 T1  pending\n  after #3, task_8 (deleted)',
    );
  });

  test('escapes titles in Mermaid', () => {
    const drawn = drawGraph(hostile, 'mermaid').split('\n');
    assert.equal(drawn.length, 4);
    assert.match(drawn[1] ?? '', /^ {2}t1\["[^"<>[\]\\&]*"\]$/);
    assert.equal(drawn[3], '  t1 --> t2');
  });

  test('escapes titles in DOT', () => {
    const drawn = drawGraph(hostile, 'dot');
    assert.match(drawn, /^ {2}t1 \[label="(?:[^"\\]|\\.)*"\];$/m);
    assert.match(drawn, /&amp;/);
    assert.match(drawn, /^ {2}t1 -> t2;$/m);
  });

  test('escapes titles in SVG', () => {
    const drawn = drawGraph(hostile, 'svg');
    assert.doesNotMatch(drawn, /<script/);
    assert.equal(drawn.match(/marker-end/g)?.length, 1);
    assert.equal(drawn.match(/<svg /g)?.length, 1 + 2 * 2, 'the picture, and two for each box');
  });
});
