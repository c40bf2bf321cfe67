import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Frontier, MAX_CHAIN } from '../../../src/core/graph/frontier.ts';
import { OrderedHeap } from '../../../src/core/graph/ordered-heap.ts';
import { isTerminal } from '../../../src/core/task/lifecycle.ts';
import { isPlayable, isReady } from '../../../src/core/task/ready.ts';
import { priorities, type TaskRecord } from '../../../src/core/task/schema.ts';
import { at, taskId, taskWith } from '../fixtures.ts';

const SIZE = 8;
const id = (index: number): TaskRecord['id'] => taskId(`task_${index}`);

/** Tasks and the frontier over them, without a store. */
class Board {
  readonly tasks = new Map<string, TaskRecord>();
  readonly mayRun: typeof isReady;
  readonly frontier: Frontier;

  constructor(mayRun = isReady) {
    this.mayRun = mayRun;
    this.frontier = new Frontier({
      find: (id) => this.tasks.get(id),
      dependents: (id) => this.dependents(id),
      isReady: (task) => mayRun(task, (id) => this.tasks.get(id)),
      isDone: (id) => this.tasks.get(id)?.status === 'completed',
    });
  }

  put(index: number, fields: Partial<TaskRecord>): void {
    const before = this.tasks.get(id(index));
    const task = taskWith({ queued_at: at(0), ...before, id: id(index), number: index + 1, ...fields });
    this.tasks.set(task.id, task);
    this.frontier.touch(task.id, task.number);
  }

  remove(index: number): void {
    this.tasks.delete(id(index));
    this.frontier.touch(id(index), index + 1);
  }

  dependents(id: string): TaskRecord[] {
    return [...this.tasks.values()].filter((task) => task.depends_on.some((each) => each === id));
  }

  /** The definition: every task looked at, every walk along its dependents tried. */
  naive(): string[] {
    const longest = (id: string, left: number): number =>
      left === 0 ? 0 : Math.max(0, ...this.dependents(id).map((dependent) => 1 + longest(dependent.id, left - 1)));
    const urgent = (task: TaskRecord, left: number): number => {
      const waiting = left === 0 ? [] : this.dependents(task.id).filter(({ status }) => !isTerminal(status));
      return Math.min(priorities.indexOf(task.priority), ...waiting.map((each) => urgent(each, left - 1)));
    };
    return [...this.tasks.values()]
      .filter((task) => this.mayRun(task, (each) => this.tasks.get(each)))
      .map((task) => ({ task, urgency: urgent(task, SIZE), chain: longest(task.id, SIZE) }))
      .sort((a, b) => a.urgency - b.urgency || b.chain - a.chain || a.task.number - b.task.number)
      .map(({ task }) => task.id);
  }
}

const index = fc.nat(SIZE - 1);
const dependsOn = (allowed: (from: number, to: number) => boolean) =>
  fc
    .tuple(index, fc.uniqueArray(index, { maxLength: 3 }))
    .map(([from, to]) => ({ from, fields: { depends_on: to.filter((each) => allowed(from, each)).map(id) } }));

/** One change of one task. */
function change(allowed: (from: number, to: number) => boolean) {
  return fc.oneof(
    { weight: 4, arbitrary: dependsOn(allowed) },
    {
      weight: 3,
      arbitrary: fc.record({
        from: index,
        fields: fc.record({
          status: fc.constantFrom<TaskRecord['status']>('pending', 'completed', 'in_progress', 'failed'),
        }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ from: index, fields: fc.record({ priority: fc.constantFrom(...priorities) }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        from: index,
        fields: fc.record({ queued_at: fc.constantFrom<TaskRecord['queued_at']>(undefined, at(0)) }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ from: index, fields: fc.constant(undefined) }) },
  );
}

function sameAsNaive(
  steps: readonly { change: { from: number; fields: Partial<TaskRecord> | undefined }; look: boolean }[],
): void {
  for (const mayRun of [isReady, isPlayable]) sameAsNaiveOf(new Board(mayRun), steps);
}

function sameAsNaiveOf(
  board: Board,
  steps: readonly { change: { from: number; fields: Partial<TaskRecord> | undefined }; look: boolean }[],
): void {
  for (const { change, look } of steps) {
    if (change.fields === undefined) board.remove(change.from);
    else board.put(change.from, change.fields);
    if (look)
      assert.deepEqual(
        board.frontier.take(SIZE).map((task) => task.id),
        board.naive(),
      );
  }
  assert.deepEqual(
    board.frontier.take(SIZE).map((task) => task.id),
    board.naive(),
  );
}

describe('Frontier', () => {
  test('matches its definition in content and order after any changes', () => {
    const steps = fc.array(fc.record({ change: change((from, to) => to < from), look: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(fc.property(steps, sameAsNaive), { numRuns: 300 });
  });

  test('supports dependencies that are younger than their dependents', () => {
    const steps = fc.array(fc.record({ change: change((from, to) => to > from), look: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(fc.property(steps, sameAsNaive), { numRuns: 300 });
  });

  test('terminates on dependency cycles and is correct again after the cycle is broken', () => {
    const anything = fc.array(
      dependsOn((from, to) => from !== to),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(anything, (changes) => {
        const board = new Board();
        for (const { from, fields } of changes) {
          board.put(from, fields);
          board.frontier.take(1);
        }
        for (let from = 0; from < SIZE; from += 1) board.put(from, { depends_on: from === 0 ? [] : [id(from - 1)] });
        board.put(SIZE, {});
        assert.deepEqual(
          board.frontier.take(SIZE).map((task) => task.id),
          [id(0), id(SIZE)],
        );
      }),
      { numRuns: 100 },
    );
  });

  test('limits the cost of chains longer than the counted depth', () => {
    const board = new Board();
    board.dependents = (dependency) => {
      const next = board.tasks.get(id(Number(dependency.slice('task_'.length)) + 1));
      return next === undefined ? [] : [next];
    };
    for (let from = 0; from < 3 * MAX_CHAIN; from += 1)
      board.put(from, { depends_on: from === 0 ? [] : [id(from - 1)] });
    assert.deepEqual(
      board.frontier.take(2).map((task) => task.id),
      [id(0)],
    );
    board.put(0, { status: 'completed' });
    assert.deepEqual(
      board.frontier.take(2).map((task) => task.id),
      [id(1)],
    );
  });
});

describe('OrderedHeap', () => {
  test('returns its first items in order after any insertions and removals', () => {
    const steps = fc.array(fc.tuple(fc.nat(20), fc.option(fc.nat(100))), { maxLength: 100 });
    fc.assert(
      fc.property(steps, fc.nat(25), (changes, count) => {
        const heap = new OrderedHeap<{ key: number; value: number }>((a, b) => a.value - b.value || a.key - b.key);
        const known = new Map<number, number>();
        for (const [key, value] of changes) {
          if (value === null) {
            heap.remove(String(key));
            known.delete(key);
          } else {
            heap.put(String(key), { key, value });
            known.set(key, value);
          }
        }
        const sorted = [...known].sort(([a, x], [b, y]) => x - y || a - b).map(([key]) => key);
        assert.deepEqual(
          heap.take(count).map(({ key }) => key),
          sorted.slice(0, count),
        );
        assert.equal(heap.size, known.size);
      }),
    );
  });
});
