import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDateRange } from '../../../src/core/metrics/date-range.ts';
import { StatusHistory } from '../../../src/core/metrics/status-history.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { anyTasks } from '../arbitraries.ts';
import { taskWith } from '../fixtures.ts';

const now = Date.parse('2024-03-10T12:00:00.000Z');
const day = (date: number): string => `2024-03-${String(date).padStart(2, '0')}T08:00:00.000Z`;

function historyOf(tasks: readonly TaskRecord[], range = 'all') {
  const history = new StatusHistory(now);
  for (const task of tasks) history.add(task);
  return history.within(parseDateRange(range, now));
}

describe('the status of tasks over time', () => {
  it('counts each task on each day in its status at the end of the day', () => {
    const task = taskWith({
      status: 'completed',
      created_at: day(7),
      updated_at: day(9),
      history: [
        { from: 'pending', to: 'in_progress', at: day(8), reason: '' },
        { from: 'in_progress', to: 'completed', at: day(9), reason: '' },
      ],
    });
    const days = historyOf([task, taskWith({ status: 'pending', created_at: day(8), updated_at: day(8) })]);
    assert.deepEqual(
      days.map(({ day: date, by_status: { pending, in_progress, completed } }) => [
        date.slice(8),
        pending,
        in_progress,
        completed,
      ]),
      [
        ['07', 1, 0, 0],
        ['08', 1, 1, 0],
        ['09', 1, 0, 1],
        ['10', 1, 0, 1],
      ],
    );
    assert.equal(historyOf([task], 'last_2_days').length, 3);
    assert.deepEqual(historyOf([]), []);
  });

  it('ends with the present numbers, also if histories lack changes', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const last = historyOf(tasks).at(-1);
        const wanted: Record<string, number> = {};
        for (const { status } of tasks) wanted[status] = (wanted[status] ?? 0) + 1;
        const shown = Object.entries(last?.by_status ?? {}).filter(([, count]) => count !== 0);
        assert.deepEqual(Object.fromEntries(shown), wanted);
      }),
    );
  });
});
