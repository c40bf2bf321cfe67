import assert from 'node:assert/strict';
import { it } from 'node:test';
import { followParts, progressOfParts, statusOfParts } from '../../../src/core/task/group.ts';
import type { TaskRecord, TaskStatus } from '../../../src/core/task/schema.ts';
import { at, taskWith } from '../fixtures.ts';

const parts = (...statuses: TaskStatus[]): TaskRecord[] =>
  statuses.map((status, index) =>
    taskWith({ status, number: index + 2, ...(status === 'in_progress' ? { started_at: at(0) } : {}) }),
  );

const cases: [TaskStatus[], TaskStatus | undefined, number][] = [
  [[], undefined, 0],
  [['pending', 'pending'], 'pending', 0],
  [['in_progress', 'pending'], 'in_progress', 0],
  [['completed', 'pending'], 'in_progress', 50],
  [['completed', 'completed', 'cancelled'], 'completed', 100],
  [['failed', 'pending'], 'in_progress', 0],
  [['failed', 'completed'], 'failed', 50],
  [['cancelled', 'cancelled'], 'cancelled', 0],
];
for (const [statuses, status, progress] of cases) {
  it(`a group of ${statuses.join(', ') || 'no'} parts is ${status ?? 'as it was'}`, () => {
    assert.deepEqual([statusOfParts(parts(...statuses)), progressOfParts(parts(...statuses))], [status, progress]);
  });
}

it('a group names its failed parts and forgets the failure later', () => {
  const group = taskWith({ kind: 'group', status: 'in_progress', started_at: at(0) });
  const failed = followParts(group, parts('failed', 'completed'), at(1));
  assert.deepEqual(
    [failed?.status, failed?.error, failed?.completed_at],
    ['failed', '1 of 2 parts failed: #2.', at(1)],
  );
  const again = followParts({ ...group, ...failed } as TaskRecord, parts('pending', 'completed'), at(2));
  assert.deepEqual([again?.status, again?.error, again?.completed_at], ['in_progress', undefined, undefined]);
  assert.equal(followParts(group, parts('in_progress', 'pending'), at(1)), undefined);
  assert.equal(followParts({ ...group, kind: 'work' }, parts('failed'), at(1)), undefined);
});
