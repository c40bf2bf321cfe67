import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leastPrecise, precisionOf, withPrecision } from '../../../src/core/policy/precision.ts';

describe('the precision of spend', () => {
  it('is a lower bound after a turn without its final count', () => {
    const cut = { total_tokens: 10, cost_usd: 1, estimated: true };
    assert.deepEqual([precisionOf('tokens', cut), precisionOf('cost', cut)], ['at_least', 'at_least']);
    assert.deepEqual([precisionOf('minutes', cut), precisionOf('iterations', cut)], ['exact', 'exact']);
    assert.equal(precisionOf('tokens', undefined), 'exact');
  });

  it('is an estimate for a cost from prices, also of a turn that was cut off', () => {
    const priced = { total_tokens: 10, cost_usd: 1, cost_estimated: true, estimated: true };
    assert.deepEqual([precisionOf('tokens', priced), precisionOf('cost', priced)], ['at_least', 'estimate']);
    assert.equal(withPrecision('$1.00', leastPrecise(['at_least', 'estimate', 'exact'])), 'about $1.00, estimated');
  });

  it('of a sum is that of its least precise part, and stands before the amount', () => {
    assert.equal(withPrecision('7 tokens', leastPrecise(['exact', 'at_least'])), 'at least 7 tokens');
    assert.equal(withPrecision('7 tokens', leastPrecise([])), '7 tokens');
  });
});
