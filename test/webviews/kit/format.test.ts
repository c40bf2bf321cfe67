import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanDuration } from '../../../src/cli/terminal/time.ts';
import { ago, compact, count, duration, fill, money } from '../../../src/webviews/kit/format.ts';

test('a placeholder is replaced literally', () => {
  assert.equal(fill('{0} pending', 3), '3 pending');
  assert.equal(fill('Select: {0}', '$& costs $1'), 'Select: $& costs $1');
});

test('an age uses its largest unit, in the words of the page', () => {
  const age = { now: 'just now', minutes: '{0} min ago', hours: '{0} h ago', days: '{0} d ago' };
  const now = Date.parse('2026-01-10T12:00:00Z');
  assert.equal(ago('2026-01-10T11:59:30Z', age, now), 'just now');
  assert.equal(ago('2026-01-10T11:55:00Z', age, now), '5 min ago');
  assert.equal(ago('2026-01-10T09:00:00Z', age, now), '3 h ago');
  assert.equal(ago('2026-01-08T12:00:00Z', age, now), '2 d ago');
});

test('durations match the command line', () => {
  for (const ms of [0, 450, 2_500, 59_999, 200_000, 3_900_000, 90_000_000, 86_400_000]) {
    assert.equal(duration(ms), humanDuration(ms));
  }
});

test('counts and money have a unit or separators', () => {
  assert.equal(count(1_234_567.4, 'en'), '1,234,567');
  assert.equal(compact(12_345, 'en'), '12.3K');
  assert.deepEqual([money(0.05), money(12.3)], ['$0.0500', '$12.30']);
});
