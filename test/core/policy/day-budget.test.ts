import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayShares, spendSince } from '../../../src/core/policy/day-budget.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { newTask } from '../fixtures.ts';

const hour = 3_600_000;
const midnight = Date.parse('2026-01-02T00:00:00.000Z');
const iso = (hours: number): string => new Date(midnight + hours * hour).toISOString();

const task: TaskRecord = {
  ...newTask({ title: 'x' }),
  executions: [
    { id: 'a', agent: 'X', worker: 'w', started_at: iso(-1), usage: { total_tokens: 50 } },
    { id: 'b', agent: 'X', worker: 'w', started_at: iso(1), usage: { total_tokens: 7, iterations: 1 } },
  ],
  history: [
    { from: 'pending', to: 'in_progress', at: iso(-1), reason: '' },
    { from: 'in_progress', to: 'paused', at: iso(0.5), reason: '' },
    { from: 'paused', to: 'in_progress', at: iso(1), reason: '' },
  ],
  active_ms: 1.5 * hour,
  active_since: iso(1),
};

test('today includes tasks that started today and the minutes of work after midnight', () => {
  const spend = spendSince(task, midnight, midnight + 2 * hour);
  const precision = { tokens: 'exact', cost: 'exact' };
  assert.deepEqual(spend, { amounts: { tokens: 7, iterations: 1, minutes: 90 }, precision, ran: true });
});

test('a clock jump or sleep does not count as work of the day', () => {
  const lease = { worker: 'w', host: 'h', pid: 1, started: '1', expires_at: iso(9) };
  const measured: TaskRecord = { ...task, lease, active_ms: 0.25 * hour, active_since: iso(2) };
  assert.equal(spendSince(measured, midnight, midnight + 2 * hour).amounts.minutes, 15);
});

test('work before a restart counts although the restart resets the measured work', () => {
  const history = [
    ...task.history,
    { from: 'in_progress', to: 'failed', at: iso(2), reason: '' } as const,
    { from: 'failed', to: 'pending', at: iso(2), reason: '' } as const,
    { from: 'pending', to: 'in_progress', at: iso(3), reason: '' } as const,
  ];
  const again: TaskRecord = { ...task, history, active_ms: 0, active_since: iso(3) };
  assert.equal(spendSince(again, midnight, midnight + 4 * hour).amounts.minutes, 90 + 60);
});

test('unreported spend is unknown', () => {
  const spends = [spendSince(task, midnight, midnight + 2 * hour)];
  assert.deepEqual(
    dayShares({ tokens: 10, cost: 1 }, spends).map(({ kind, spent }) => [kind, spent]),
    [
      ['tokens', 7],
      ['cost', undefined],
    ],
  );
});
