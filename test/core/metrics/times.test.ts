import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { timesOf } from '../../../src/core/metrics/times.ts';
import type { Approval } from '../../../src/core/task/approval.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { anyTasks } from '../arbitraries.ts';
import { at, taskWith } from '../fixtures.ts';

const now = Date.parse(at(100_000));

function request(from: number, until?: number): Approval {
  const decided = until === undefined ? {} : { status: 'approved' as const, decided_at: at(until) };
  return { id: 'a', number: 1, kind: 'tool', title: 'Run', status: 'pending', requested_at: at(from), ...decided };
}

describe('the times of a task', () => {
  it('are derived from its history', () => {
    const change = (from: string, to: string, ms: number): TaskRecord['history'][number] =>
      ({ from, to, at: at(ms), reason: '' }) as TaskRecord['history'][number];
    const task = taskWith({
      status: 'completed',
      active_ms: 25_000,
      completed_at: at(60_000),
      history: [
        change('pending', 'in_progress', 10_000),
        change('in_progress', 'paused', 20_000),
        change('paused', 'in_progress', 45_000),
        change('in_progress', 'completed', 60_000),
      ],
      approvals: [request(20_000, 40_000), request(30_000, 45_000)],
    });
    assert.deepEqual(timesOf(task, now), {
      work: 25_000,
      elapsed: 60_000,
      pending: 10_000,
      paused: 25_000,
      asking: 25_000,
    });
  });

  it('include the wait that is still open', () => {
    const task = taskWith({ approvals: [request(40_000)] });
    const { pending, asking, elapsed } = timesOf(task, now);
    assert.deepEqual([pending, asking, elapsed], [100_000, 60_000, 100_000]);
  });

  it('count overlapping requests once', () => {
    const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 10 });
    fc.assert(
      fc.property(spans, (list) => {
        const task = taskWith({
          approvals: list.map(([from, length]) => request(from * 1_000, (from + length) * 1_000)),
        });
        const covered = new Set<number>();
        for (const [from, length] of list)
          for (let second = from; second < from + length; second += 1) covered.add(second);
        assert.equal(timesOf(task, now).asking, covered.size * 1_000);
      }),
    );
  });

  it('are never negative or NaN for any task', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        for (const task of tasks) for (const ms of Object.values(timesOf(task, now))) assert.ok(ms >= 0);
      }),
    );
  });
});
