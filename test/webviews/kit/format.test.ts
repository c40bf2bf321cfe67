import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, fill } from '../../../src/webviews/kit/format.ts';

test('a place is filled in literally', () => {
  assert.equal(fill('{0} pending', 3), '3 pending');
  assert.equal(fill('Select: {0}', '$& costs $1'), 'Select: $& costs $1');
});

test('an age is in the largest unit that fits, in the language of the page', () => {
  const now = Date.parse('2026-01-10T12:00:00Z');
  assert.equal(ago('2026-01-10T11:59:30Z', 'en', now), 'now');
  assert.equal(ago('2026-01-10T11:55:00Z', 'en', now), '5 min. ago');
  assert.equal(ago('2026-01-10T09:00:00Z', 'en', now), '3 hr. ago');
  assert.equal(ago('2026-01-08T12:00:00Z', 'de', now), 'vorgestern');
});
