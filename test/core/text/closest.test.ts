import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest } from '../../../src/core/text/closest.ts';

const names = ['status', 'priority', 'title', 'max_tokens', 'createdAfter'];

test('a misspelt or differently written name finds the one that was meant', () => {
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

test('a name that is close to none finds none', () => {
  for (const wrong of ['', 'x', 'colour', 'state_of_things']) assert.equal(closest(wrong, names), undefined, wrong);
  assert.equal(closest('status', []), undefined);
});
