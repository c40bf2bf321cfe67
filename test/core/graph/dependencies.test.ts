import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkDependencies, checkParent } from '../../../src/core/graph/dependencies.ts';
import { openDependencies } from '../../../src/core/task/dependencies.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { finder, refusal, taskId, taskWith } from '../fixtures.ts';

interface Graph {
  readonly tasks: readonly TaskRecord[];
  /** Task by its index. */
  at(index: number): TaskRecord;
  find(id: string): TaskRecord | undefined;
}

function graphOf(edges: readonly (readonly number[])[]): Graph {
  const id = (index: number): TaskRecord['id'] => taskId(`task_${index}`);
  const tasks = edges.map((to, index) =>
    taskWith({ id: id(index), number: index + 1, title: `T${index}`, depends_on: to.map(id) }),
  );
  return {
    tasks,
    at: (index) => tasks[index] ?? assert.fail(`no task ${index}`),
    find: finder(tasks),
  };
}

/** Whether `to` can be reached from `from`, by multiplying out all ways. */
function reachable(edges: readonly (readonly number[])[]): boolean[][] {
  const reach = edges.map((to, from) => edges.map((_, other) => from === other || to.includes(other)));
  for (const [k] of edges.entries()) {
    for (const row of reach) {
      if (row[k] !== true) continue;
      for (const [j] of edges.entries()) if (reach[k]?.[j] === true) row[j] = true;
    }
  }
  return reach;
}

/** Any graph, with circles too: files of another program, or of a merge, may have them. */
const anyEdges = fc
  .integer({ min: 1, max: 9 })
  .chain((size) => fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }));

test('a dependency is refused exactly if the task is reachable from it', () => {
  const cases = anyEdges.chain((edges) =>
    fc.tuple(fc.constant(edges), fc.nat(edges.length - 1), fc.uniqueArray(fc.nat(edges.length - 1), { maxLength: 4 })),
  );
  fc.assert(
    fc.property(cases, ([edges, from, to]) => {
      const graph = graphOf(edges);
      const reach = reachable(edges);
      const check = (): void =>
        checkDependencies(
          graph.at(from),
          to.map((index) => graph.at(index).id),
          graph.find,
        );
      if (!to.some((index) => reach[index]?.[from])) return check();
      const path = (refusal(check, 'DependencyCycle').details?.path ?? []) as string[];
      // The circle that is told is one: from the task over its new dependency back to it, along real edges.
      const steps = path.map((title) => Number(title.slice(1)));
      assert.deepEqual([steps[0], steps.at(-1)], [from, from]);
      assert.ok(to.includes(steps[1] ?? -1));
      for (let i = 1; i + 1 < steps.length; i += 1) assert.ok(edges[steps[i] ?? -1]?.includes(steps[i + 1] ?? -1));
    }),
    { numRuns: 1_000 },
  );
});

test('a graph that grows by accepted dependencies never has a cycle', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 40 }), (wishes) => {
      const edges: number[][] = Array.from({ length: 8 }, () => []);
      for (const [from, to] of wishes) {
        const graph = graphOf(edges);
        try {
          checkDependencies(graph.at(from), [graph.at(to).id], graph.find);
        } catch {
          continue;
        }
        edges[from]?.push(to);
      }
      const reach = reachable(edges);
      for (const [from, to] of edges.entries()) for (const next of to) assert.equal(reach[next]?.[from], false);
    }),
  );
});

describe('a refusal', () => {
  const { at: task, find } = graphOf([[], [0], [1]]);

  test('names the cycle by titles and a next step', () => {
    const error = refusal(() => checkDependencies(task(0), [task(2).id], find), 'DependencyCycle');
    assert.match(error.message, /T0 → T2 → T1 → T0/);
    assert.match(JSON.stringify(error.next), /Remove one/);
  });

  test('occurs for a task that depends on itself', () => {
    const { message, details } = refusal(() => checkDependencies(task(0), [task(0).id], find), 'DependencyCycle');
    assert.equal(message, 'Task "T0" cannot depend on itself.');
    assert.deepEqual(details?.path, ['T0', 'T0']);
  });

  test('occurs for a missing dependency', () => {
    assert.match(refusal(() => checkDependencies(task(0), ['task_x'], find), 'DependencyMissing').message, /task_x/);
  });
});

test('a dependency whose own dependencies are deleted is accepted', () => {
  const { at: task } = graphOf([[], [0]]);
  checkDependencies(taskWith({ id: taskId('task_n') }), [task(1).id], finder([task(1)]));
});

describe('a chain of 10,000 tasks', () => {
  const length = 10_000;
  const chain = graphOf(Array.from({ length }, (_, index) => (index === 0 ? [] : [index - 1])));
  const [first, last] = [chain.at(0), chain.at(length - 1)];

  test('is traversed without overflowing the stack', () => {
    checkDependencies(taskWith({ id: taskId('task_new') }), [last.id], chain.find);
  });

  test('has a readable error when it would become a cycle', () => {
    const error = refusal(() => checkDependencies(first, [last.id], chain.find), 'DependencyCycle');
    assert.ok(error.message.length < 500, `${error.message.length} characters`);
    assert.match(error.message, /T0 → T9999 → T9998 .*… .*→ T0\./);
    const path = error.details?.path as string[] | undefined;
    assert.equal(path?.length, length + 1);
  });

  test('is traversed once for a task with a thousand dependents', () => {
    let looks = 0;
    const counting = (id: string): TaskRecord | undefined => {
      looks += 1;
      return chain.find(id);
    };
    const many = chain.tasks.slice(-1_000).map((task) => task.id);
    checkDependencies(taskWith({ id: taskId('task_new') }), many, counting);
    assert.ok(looks < 3 * length, `${looks} look-ups`);
  });

  test('of parents is traversed without overflowing the stack', () => {
    const tasks = chain.tasks.map((task, index) =>
      index === 0 ? task : { ...task, parent_id: taskId(`task_${index - 1}`) },
    );
    checkParent(taskWith({ id: taskId('task_new') }), last.id, finder(tasks));
    refusal(() => checkParent(first, last.id, finder(tasks)), 'DependencyCycle');
  });
});

describe('a parent', () => {
  test('is refused exactly if it is the task itself or a descendant (F142, F149)', () => {
    const forest = fc
      .integer({ min: 1, max: 9 })
      .chain((size) =>
        fc.tuple(
          fc.array(fc.option(fc.nat(size - 1)), { minLength: size, maxLength: size }),
          fc.nat(size - 1),
          fc.nat(size - 1),
        ),
      );
    fc.assert(
      fc.property(forest, ([parents, child, parent]) => {
        const tasks = parents.map((up, index) =>
          taskWith({ id: taskId(`task_${index}`), ...(up === null ? {} : { parent_id: taskId(`task_${up}`) }) }),
        );
        const task = tasks[child] ?? assert.fail();
        const above = new Set<number>();
        for (let at: number | null = parent; at !== null && !above.has(at); at = parents[at] ?? null) above.add(at);
        const check = (): void => checkParent(task, `task_${parent}`, finder(tasks));
        if (above.has(child)) refusal(check, 'DependencyCycle');
        else check();
      }),
      { numRuns: 500 },
    );
  });

  test('is refused if it is missing, and accepted if its own parent is missing', () => {
    const orphan = taskWith({ id: taskId('task_o'), parent_id: taskId('task_gone') });
    refusal(() => checkParent(taskWith({ id: taskId('task_n') }), 'task_x', finder([])), 'DependencyMissing');
    checkParent(taskWith({ id: taskId('task_n') }), orphan.id, finder([orphan]));
  });
});

test('blockers of a task are dependencies that are incomplete or deleted', () => {
  const graph = graphOf([[], [], [], [0, 1, 2]]);
  const states = ['completed', 'completed_active', 'failed'] as const;
  const tasks = states.map((status, index) => ({ ...graph.at(index), status }));
  const open = openDependencies(
    { ...graph.at(3), depends_on: [...graph.at(3).depends_on, taskId('task_gone')] },
    finder(tasks),
  );
  assert.deepEqual(
    open.map(({ id, task }) => [id, task?.status]),
    [
      ['task_1', 'completed_active'],
      ['task_2', 'failed'],
      ['task_gone', undefined],
    ],
  );
});
