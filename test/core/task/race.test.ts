import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followParts, isOpenPart } from '../../../src/core/task/group.ts';
import { needOf } from '../../../src/core/task/needs.ts';
import { canBePicked, entrantsOf, lostRace, openRace, statusOfRace } from '../../../src/core/task/race.ts';
import type { TaskRecord, TaskStatus } from '../../../src/core/task/schema.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { at, taskWith } from '../fixtures.ts';
import { worldWith } from './worlds.ts';

type Entrant = TaskStatus | 'limit';

const entrants = (...statuses: Entrant[]): TaskRecord[] =>
  statuses.map((status, index) =>
    taskWith({
      number: index + 2,
      ...(status === 'limit' ? { status: 'paused', pause_reason: 'budget' } : { status }),
      ...(status === 'pending' ? {} : { started_at: at(0) }),
    }),
  );

const race = (patch: Partial<TaskRecord> = {}): TaskRecord => taskWith({ kind: 'group', race: {}, ...patch });

describe('the status of a race', () => {
  const cases: [Entrant[], TaskStatus | undefined][] = [
    [[], undefined],
    [['pending', 'pending'], 'pending'],
    [['in_progress', 'completed'], 'in_progress'],
    [['completed', 'pending'], 'in_progress'],
    [['completed', 'failed'], 'paused'],
    [['completed_active', 'cancelled'], 'paused'],
    [['limit', 'limit'], 'paused'],
    [['paused', 'completed'], 'in_progress'],
    [['failed', 'cancelled'], 'failed'],
    [['cancelled', 'cancelled'], 'cancelled'],
  ];
  for (const [statuses, status] of cases) {
    it(`is ${status ?? 'unchanged'} for ${statuses.join(', ') || 'no entrants'}`, () => {
      assert.equal(statusOfRace(race(), entrants(...statuses)), status);
    });
  }

  it('is that of the picked entrant after a pick', () => {
    const [first, second] = entrants('completed', 'cancelled');
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(statusOfRace(race({ race: { picked: first.id } }), [first, second]), 'completed');
    assert.equal(statusOfRace(race({ race: { picked: first.id } }), entrants('completed')), 'paused', 'it was deleted');
  });

  it('is in progress until the work of the picked entrant is on its branch', () => {
    const [first] = entrants('completed');
    assert.ok(first !== undefined);
    const commit = 'a'.repeat(40);
    const path = '.systemprompt/worktrees/2-do';
    const workspace = { kind: 'worktree', path, branch: 'x/2-do', base_head: commit, base_commit: commit } as const;
    const statusWith = (merge: object): TaskStatus | undefined =>
      statusOfRace(race({ race: { picked: first.id } }), [{ ...first, workspace: { ...workspace, ...merge } }]);
    assert.deepEqual([statusWith({}), statusWith({ merged_at: at(1) })], ['in_progress', 'completed']);
  });

  it('stays cancelled, and does not count its judge', () => {
    assert.equal(statusOfRace(race({ status: 'cancelled' }), entrants('completed')), 'cancelled');
    const [only, judge] = entrants('completed', 'in_progress');
    assert.ok(only !== undefined && judge !== undefined);
    assert.equal(statusOfRace(race({ race: { judge: judge.id } }), [only, judge]), 'paused');
    assert.deepEqual(entrantsOf({ judge: judge.id }, [judge, only]), [only]);
  });

  it('waits for a person when all entrants have ended, and is completed by the pick', () => {
    const begun = race({ status: 'in_progress', started_at: at(0) });
    const [first, second] = entrants('completed', 'failed');
    assert.ok(first !== undefined && second !== undefined);
    const patch = followParts(begun, [first, second], at(1));
    assert.deepEqual([patch?.status, patch?.pause_reason, patch?.error], ['paused', 'person', undefined]);
    const waiting = { ...begun, ...patch } as TaskRecord;
    assert.deepEqual(standing(waiting, worldWith()), { kind: 'review' });
    assert.equal(needOf(waiting, standing(waiting, worldWith())), 'pick');
    const picked = followParts({ ...waiting, race: { picked: first.id } }, [first, second], at(2));
    assert.deepEqual([picked?.status, picked?.progress, picked?.pause_reason], ['completed', 100, undefined]);
  });
});

it('an entrant can be picked once it has work and rests', () => {
  const can = (status: Entrant): boolean => entrants(status).every(canBePicked);
  assert.deepEqual(
    (['completed', 'completed_active', 'failed', 'limit', 'pending', 'in_progress', 'cancelled'] as const).map(can),
    [true, true, true, true, false, false, false],
  );
  assert.equal(isOpenPart(race(), taskWith({ status: 'completed_active' })), false);
  assert.equal(isOpenPart(taskWith({ kind: 'group' }), taskWith({ status: 'completed_active' })), true);
});

it('an entrant belongs to its race until the decision', () => {
  const [first, judge] = entrants('completed', 'completed');
  const isIn = (task: TaskRecord | undefined, of: Partial<TaskRecord>): boolean => {
    const group = race(of);
    return task !== undefined && openRace({ ...task, parent_id: group.id }, () => group) === group;
  };
  assert.deepEqual(
    [
      isIn(first, { status: 'paused' }),
      isIn(first, { race: { picked: judge?.id } }),
      isIn(first, { status: 'cancelled' }),
      isIn(judge, { race: { judge: judge?.id } }),
      isIn(first, { race: undefined }),
    ],
    [true, false, false, false, false],
  );
});

it('the others have lost after a pick; the judge has not', () => {
  const [first, second, judge] = entrants('completed', 'completed', 'completed');
  const of = race({ race: { picked: first?.id, judge: judge?.id } });
  const lost = (task: TaskRecord | undefined): boolean =>
    task !== undefined && lostRace({ ...task, parent_id: of.id }, () => of);
  assert.deepEqual([lost(first), lost(second), lost(judge)], [false, true, false]);
  assert.equal(second !== undefined && lostRace({ ...second, parent_id: of.id }, () => race()), false);
});
