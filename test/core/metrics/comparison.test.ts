import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareTasks } from '../../../src/core/metrics/comparison.ts';
import { metricNames } from '../../../src/core/metrics/spend.ts';
import { ToolTally } from '../../../src/core/metrics/tools.ts';
import { anyTasks } from '../arbitraries.ts';
import { at, taskWith } from '../fixtures.ts';

const now = Date.parse(at(100_000));

test('tasks are sorted by any number, with unknown values last (F179)', () => {
  fc.assert(
    fc.property(anyTasks, fc.constantFrom(...metricNames), (tasks, metric) => {
      const { rows, spread } = compareTasks(tasks, metric, now);
      assert.equal(rows.length, tasks.length);
      const values = rows.map(({ value }) => value);
      const known = values.filter((value) => value !== undefined);
      assert.deepEqual(values, [...known, ...values.filter((value) => value === undefined)]);
      assert.deepEqual(
        known,
        known.toSorted((a, b) => b - a),
      );
      assert.equal(spread?.max, known[0]);
    }),
  );
});

test('work is measured in minutes, and is absent for a task that never worked', () => {
  const { rows } = compareTasks([taskWith({}), taskWith({ active_ms: 90_000 })], 'duration', now);
  assert.deepEqual(
    rows.map(({ value }) => value),
    [1.5, undefined],
  );
});

test('tool calls are counted with their failures and duration', () => {
  const tally = new ToolTally();
  const entry = { timestamp: at(0), message: 'x', level: 'info', type: 'tool' } as const;
  tally.add({ ...entry, metadata: { toolName: 'edit', duration: 20 } });
  tally.add({ ...entry, metadata: { toolName: 'bash', duration: 5 } });
  tally.add({ ...entry, level: 'error', metadata: { toolName: 'bash', error: 'no' } });
  tally.add({ ...entry, type: 'system', level: 'warn', metadata: { toolName: 'bash', approval: 1 } });
  assert.deepEqual(tally.calls, [
    { tool: 'bash', calls: 2, failed: 1, duration_ms: 5 },
    { tool: 'edit', calls: 1, failed: 0, duration_ms: 20 },
  ]);
  assert.deepEqual(tally.levels, { warnings: 1, errors: 1 });
});
