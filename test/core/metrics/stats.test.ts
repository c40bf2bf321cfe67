import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { taskStats } from '../../../src/core/metrics/stats.ts';
import { type TaskRecord, taskStatuses } from '../../../src/core/task/schema.ts';
import { anyTasks } from '../arbitraries.ts';
import { at, taskWith } from '../fixtures.ts';

const now = Date.parse(at(100_000));
const ended = ['completed', 'failed', 'cancelled'];

test('statistics without tasks are 0 and list every status', () => {
  const stats = taskStats([], now);
  assert.deepEqual([stats.total, stats.averageDuration, stats.successRate], [0, 0, 0]);
  assert.deepEqual(Object.keys(stats.byStatus), [...taskStatuses]);
  assert.deepEqual(stats.byTool, {});
});

test('every task is counted once: in total, by status and by tool (F91, F92, F93)', () => {
  fc.assert(
    fc.property(anyTasks, (tasks) => {
      const stats = taskStats(tasks, now);
      assert.equal(stats.total, tasks.length);
      for (const status of taskStatuses) {
        assert.equal(stats.byStatus[status], tasks.filter((task) => task.status === status).length);
      }
      for (const tool of new Set(tasks.map((task) => task.tool))) {
        assert.equal(stats.byTool[tool], tasks.filter((task) => task.tool === tool).length);
      }
      const sum = (counts: object): number => Object.values(counts).reduce((a: number, b: number) => a + b, 0);
      assert.deepEqual([sum(stats.byStatus), sum(stats.byTool)], [tasks.length, tasks.length]);
    }),
  );
});

test('average duration and success rate cover finished tasks only (F94, F95)', () => {
  fc.assert(
    fc.property(anyTasks, (tasks) => {
      const finished = tasks.filter((task) => ended.includes(task.status));
      const { averageDuration, successRate } = taskStats(tasks, now);
      if (finished.length === 0) return assert.deepEqual([averageDuration, successRate], [0, 0]);
      const total = finished.reduce((sum, task) => sum + task.active_ms, 0);
      const ran = finished.filter((task) => task.started_at !== undefined || task.active_ms > 0);
      assert.ok(Math.abs(averageDuration * ran.length - total) < 0.001);
      const completed = finished.filter((task) => task.status === 'completed').length;
      assert.ok(Math.abs((successRate * finished.length) / 100 - completed) < 0.001);
      assert.ok(successRate >= 0 && successRate <= 100);
    }),
  );
});

test('a rate is in per cent, a duration in milliseconds of work', () => {
  const task = (status: TaskRecord['status'], ms: number): TaskRecord => taskWith({ status, active_ms: ms });
  const stats = taskStats(
    [task('completed', 1_000), task('completed', 3_000), task('failed', 2_000), task('in_progress', 9_000)],
    now,
  );
  assert.equal(stats.averageDuration, 2_000);
  assert.equal(Math.round(stats.successRate), 67);
});

test('a task that never ran does not lower the average duration', () => {
  const stats = taskStats(
    [taskWith({ status: 'completed', active_ms: 1_000 }), taskWith({ status: 'cancelled' })],
    now,
  );
  assert.equal(stats.averageDuration, 1_000);
});

test('tools are counted for any name', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const stats = taskStats(
    names.map((tool) => taskWith({ tool })),
    now,
  );
  for (const name of names) assert.equal(stats.byTool[name], 1, name);
});
