import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDateRange } from '../../../src/core/metrics/date-range.ts';
import {
  GroupTally,
  isFinishedWithin,
  type Performance,
  PerformanceTally,
} from '../../../src/core/metrics/performance.ts';
import { taskStats } from '../../../src/core/metrics/stats.ts';
import { timesOf } from '../../../src/core/metrics/times.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { anyTasks } from '../arbitraries.ts';
import { at, taskWith } from '../fixtures.ts';

const now = Date.parse(at(100_000));
const all = parseDateRange('all', now);
const done = (fields: Partial<TaskRecord>): TaskRecord =>
  taskWith({ status: 'completed', completed_at: at(1_000), ...fields });

function performanceOf(tasks: Iterable<TaskRecord>, at: number): Performance {
  const tally = new PerformanceTally();
  for (const task of tasks) tally.add(task, timesOf(task, at));
  return tally.result();
}

describe('the performance of tasks', () => {
  it('covers finished tasks: minutes of work, tokens per minute, success in per cent (F181, F182, F183)', () => {
    const performance = performanceOf(
      [
        done({ active_ms: 60_000, usage: { total_tokens: 900, cost_usd: 0.5 } }),
        done({ active_ms: 180_000, usage: { total_tokens: 300 } }),
        // Its agent tells nothing: its minutes are not those of the tokens.
        done({ active_ms: 600_000, status: 'failed' }),
      ],
      now,
    );
    assert.equal(performance.avg_duration_minutes, 2);
    assert.equal(performance.tokens_per_minute, 300);
    assert.equal(performance.tokens, 1_200);
    assert.equal(performance.cost_usd, 0.5);
    assert.equal(Math.round(performance.success_rate ?? 0), 67);
  });

  it('excludes tasks that never ran from the average duration', () => {
    const tasks = [done({ active_ms: 60_000 }), done({ active_ms: 0 })];
    const performance = performanceOf(tasks, now);
    assert.deepEqual([performance.completed, performance.avg_duration_minutes], [2, 1]);
  });

  it('has the median and the 90th percentile of the work of completed tasks', () => {
    const tasks = Array.from({ length: 11 }, (_, at) => done({ active_ms: (at + 1) * 60_000 }));
    const { median_duration_minutes, p90_duration_minutes } = performanceOf(tasks, now);
    assert.deepEqual([median_duration_minutes, p90_duration_minutes], [6, 10]);
  });

  it('is unknown, not zero, without tasks', () => {
    const { success_rate, avg_duration_minutes, tokens_per_minute, tokens, cost_usd, tasks } = performanceOf([], now);
    assert.deepEqual(
      [success_rate, avg_duration_minutes, tokens_per_minute, tokens, cost_usd, tasks],
      [null, null, null, null, null, 0],
    );
  });

  it('counts the tasks that ended in the range', () => {
    const early = done({ completed_at: '2024-01-01T10:00:00.000Z' });
    const range = parseDateRange('2024-01-01..2024-01-01', now);
    assert.deepEqual(
      [early, done({})].filter((task) => isFinishedWithin(task, range)),
      [early],
    );
  });

  it('has the success rate of the statistics, and its groups add up', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const ended = tasks.map((task) => ({ ...task, kind: 'work' as const, completed_at: at(5_000) }));
        const finished = ended.filter((task) => isFinishedWithin(task, all));
        const { success_rate, tasks: count } = performanceOf(finished, now);
        assert.equal(success_rate ?? 0, taskStats(ended, now).successRate);
        const groups = new GroupTally();
        for (const task of finished) groups.add(task.tool, task, timesOf(task, now));
        assert.equal(
          groups.results().reduce((sum, { performance }) => sum + performance.tasks, 0),
          count,
        );
      }),
    );
  });
});
