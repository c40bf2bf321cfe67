import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWithin, parseDateRange } from '../../../src/core/metrics/date-range.ts';

const now = Date.parse('2026-03-15T12:00:00Z');
const within = (range: string, moment: string): boolean => isWithin(moment, parseDateRange(range, now));

describe('a range of dates', () => {
  it('is a number of hours, days, weeks or months up to now', () => {
    assert.equal(within('last_30_days', '2026-02-13T12:00:00Z'), true);
    assert.equal(within('last_30_days', '2026-02-13T11:59:59Z'), false);
    assert.equal(within('last_1_hour', '2026-03-15T11:30:00Z'), true);
    assert.equal(within('last_2_weeks', '2026-03-01T12:00:00Z'), true);
    assert.equal(within('last_1_month', '2026-02-13T12:00:00Z'), true);
    assert.equal(within('today', '2026-03-15T00:00:00Z'), true);
    assert.equal(within('today', '2026-03-14T23:59:59Z'), false);
    assert.equal(within('all', '1999-01-01T00:00:00Z'), true);
  });

  it('is between two days, including the last, or open at one side', () => {
    assert.equal(within('2024-01-01..2024-01-31', '2024-01-31T23:59:59Z'), true);
    assert.equal(within('2024-01-01..2024-01-31', '2024-02-01T00:00:00Z'), false);
    assert.equal(within('2024-01-01..', '2026-03-15T12:00:00Z'), true);
    assert.equal(within('..2024-01-01', '2024-01-02T00:00:00Z'), false);
  });

  it('excludes records without a time', () => {
    assert.equal(isWithin(undefined, parseDateRange('all', now)), false);
  });

  for (const text of [
    '',
    '..',
    'last_30',
    'last_0_days',
    'last_x_days',
    '2024-02-01..2024-01-01',
    '2024-13-01..',
    'yesterday',
  ]) {
    it(`rejects "${text}"`, () => {
      assert.throws(() => parseDateRange(text, now), { code: 'InvalidInput' });
    });
  }
});
