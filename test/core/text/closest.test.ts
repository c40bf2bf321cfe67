import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest } from '../../../src/core/text/closest.ts';

const names = ['status', 'priority', 'title', 'max_tokens', 'createdAfter'];

test('a misspelled or differently written name matches the intended one', () => {
  for (const [wrong, meant] of [
    ['stauts', 'status'],
    ['pirority', 'priority'],
    ['titel', 'title'],
    ['maxTokens', 'max_tokens'],
    ['created_after', 'createdAfter'],
    ['Status', 'status'],
  ] as const) {
    assert.equal(closest(wrong, names), meant, wrong);
  }
});

test('a name without a close match finds none', () => {
  for (const wrong of ['', 'x', 'colour', 'state_of_things']) assert.equal(closest(wrong, names), undefined, wrong);
  assert.equal(closest('status', []), undefined);
});
