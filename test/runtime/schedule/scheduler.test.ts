import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing, type World } from '../../../src/core/task/standing.ts';
import { decide, nextTask } from '../../../src/runtime/schedule/scheduler.ts';
import { worldOf } from '../../../src/runtime/schedule/world.ts';
import { StoreState } from '../../../src/store/journal/state.ts';
import { at, leaseOf, taskId, taskWith } from '../../core/fixtures.ts';
import { worldWith } from '../../core/task/worlds.ts';

const queued = { queued_at: at(0) };

function stateOf(...tasks: readonly TaskRecord[]): StoreState {
  const state = new StoreState();
  for (const task of tasks) state.load(task);
  return state;
}

function numbered(number: number, fields: Partial<TaskRecord> = {}): TaskRecord {
  return taskWith({ id: taskId(`task_${number}`), number, title: `Task ${number}`, ...queued, ...fields });
}

describe('a decision about one task', () => {
  const cases: [string, Partial<TaskRecord>, Partial<World>, unknown][] = [
    ['claims a ready task', queued, {}, { do: 'claim' }],
    ['leaves a task that nobody started', {}, {}, { do: 'wait' }],
    ['holds a task that reached its limit', queued, { limitOwner: (task) => task }, { do: 'hold' }],
    ['holds a task at the limit of the day', queued, { isDayOver: () => true }, { do: 'hold' }],
    ['waits for an agent that cannot run here', queued, { canRun: () => false }, { do: 'wait' }],
    ['waits for a slot', queued, { slotsInUse: () => 2 }, { do: 'wait' }],
    ['waits for a task of the same agent', queued, { isFull: () => true }, { do: 'wait' }],
    [
      'says when a delay is over',
      { ...queued, not_before: at(5_000) },
      { now: Date.parse(at(0)) },
      { do: 'wait', ms: 5_000 },
    ],
    ['waits for its former run', { ...queued, lease: leaseOf('w1') }, {}, { do: 'wait' }],
    ['leaves a running task', { status: 'in_progress' }, {}, { do: 'wait' }],
  ];
  for (const [what, fields, world, decision] of cases) {
    it(what, () => {
      const task = taskWith(fields);
      assert.deepEqual(decide(task, worldWith([task], world)), decision);
    });
  }
});

describe('the next task', () => {
  const world = (state: StoreState, changes: Partial<World> = {}): World => ({
    ...worldWith([...state.all()], { now: Date.parse(at(0)) }),
    ...changes,
  });

  it('is the most urgent one, and a waiting task does not block later ones', () => {
    const state = stateOf(
      numbered(1),
      numbered(2, { priority: 'critical', tool: 'CODEX' }),
      numbered(3, { priority: 'high' }),
    );
    assert.equal(nextTask(state, world(state)).task?.number, 2);
    assert.equal(nextTask(state, world(state, { canRun: (agent) => agent !== 'CODEX' })).task?.number, 3);
    assert.equal(nextTask(state, world(state), (id) => id !== 'task_1').task?.number, 1);
  });

  it('reports the shortest delay', () => {
    const delays = [9_000, 4_000, 7_000].map((ms, index) => numbered(index + 1, { not_before: at(ms) }));
    const state = stateOf(...delays);
    assert.deepEqual(nextTask(state, world(state)), { task: undefined, againMs: 4_000 });
  });

  it('is none while all slots are used or its own runs are still releasing their tasks', () => {
    const state = stateOf(numbered(1), numbered(2, { status: 'in_progress', lease: leaseOf('w1') }));
    const parts = {
      agents: { unavailable: () => undefined, countsCost: () => undefined },
      playing: false,
      now: 0,
      maxPerAgent: undefined,
      day: () => [],
    };
    const next = (maxParallel: number, ownRuns: number): number | undefined =>
      nextTask(state, worldOf({ ...parts, tasks: state, maxParallel, ownRuns })).task?.number;
    assert.deepEqual([next(1, 0), next(2, 0), next(2, 1), next(2, 2)], [undefined, 1, 1, undefined]);
  });

  it('is claimed exactly if its standing is ready, and otherwise the standing gives the reason', () => {
    const task = fc.record({
      status: fc.constantFrom('pending', 'paused', 'in_progress', 'completed') as fc.Arbitrary<TaskRecord['status']>,
      queued_at: fc.constantFrom(undefined, at(0)),
      not_before: fc.constantFrom(undefined, at(5_000)),
      lease: fc.constantFrom(undefined, leaseOf('w1')),
      tool: fc.constantFrom('SHELL', 'CODEX'),
      priority: fc.constantFrom('critical', 'low') as fc.Arbitrary<TaskRecord['priority']>,
      depends_on: fc.constantFrom([], [taskId('task_1')]),
      instructions: fc.constantFrom(undefined, 'true'),
    });
    const around = fc.record({
      playing: fc.boolean(),
      slots: fc.constantFrom(undefined, 2),
      full: fc.boolean(),
      missing: fc.boolean(),
      limited: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 8 }), around, (fields, { playing, ...limits }) => {
        const tasks = fields.map((each, index) => numbered(index + 2, defined(each)));
        const state = stateOf(numbered(1, { status: 'completed' }), ...tasks);
        const here = world(state, {
          playing,
          find: (id) => state.byId(id),
          slotsInUse: () => limits.slots,
          isFull: (agent) => limits.full && agent === 'CODEX',
          canRun: (agent) => !limits.missing || agent === 'SHELL',
          limitOwner: (one) => (limits.limited && one.priority === 'low' ? one : undefined),
        });
        const standings = tasks.map((each) => standing(each, here));
        const ready = tasks.filter((_, index) => standings[index]?.kind === 'ready');
        const { task: chosen } = nextTask(state, here);
        const situation = chosen === undefined ? undefined : standing(chosen, here);
        if (limits.slots !== undefined) assert.equal(ready.length, 0, 'no slot is free');
        if (situation?.kind === 'ready') assert.ok(ready.includes(chosen as TaskRecord));
        else if (situation !== undefined) assert.equal(situation.kind === 'waiting' && situation.for, 'limit');
        else assert.deepEqual(ready, [], 'nothing that is ready was left');
        for (const each of tasks) {
          assert.equal(decide(each, here).do === 'claim', standing(each, here).kind === 'ready');
        }
      }),
    );
  });
});

function defined(fields: Readonly<Record<string, unknown>>): Partial<TaskRecord> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
