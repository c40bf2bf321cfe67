import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedStates, shownPositions, withAccepted, withChecked } from '../../../src/webviews/plan/tree.ts';

const row = (key: string, depth: number, group = false) => ({ key, depth, group });
const items = [
  row('setup', 0, true),
  row('folder', 1),
  row('formats', 1, true),
  row('names', 2),
  row('prices', 2),
  row('export', 0),
  row('sorting', 1),
];

test('clearing an item clears everything below it; its group goes with the last part', () => {
  const one = withChecked(items, new Set(), 3, false);
  assert.deepEqual([...one], ['names']);
  assert.deepEqual(checkedStates(items, one), ['partly', 'yes', 'partly', 'no', 'yes', 'yes', 'yes']);
  const both = withChecked(items, one, 4, false);
  assert.deepEqual([...both].sort(), ['formats', 'names', 'prices']);
  assert.deepEqual([...withChecked(items, both, 0, false)].sort(), ['folder', 'formats', 'names', 'prices', 'setup']);
});

test('a task outlives its last part, because it runs itself', () => {
  assert.deepEqual([...withChecked(items, new Set(), 6, false)], ['sorting']);
});

test('checking an item checks its parents and everything below it', () => {
  const all = new Set(items.map(({ key }) => key));
  assert.deepEqual([...withChecked(items, all, 4, true)].sort(), ['export', 'folder', 'names', 'sorting']);
  assert.deepEqual([...withChecked(items, all, 0, true)].sort(), ['export', 'sorting']);
});

test('a collapsed group hides everything below it and nothing else', () => {
  assert.deepEqual(shownPositions(items, new Set()), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(shownPositions(items, new Set(['formats'])), [0, 1, 2, 5, 6]);
  assert.deepEqual(shownPositions(items, new Set(['setup', 'formats', 'export'])), [0, 5]);
});

test('a group is removed only with everything below it', () => {
  const removed = (key: string, depth: number) => ({ key, depth, change: 'removed' as const });
  const rows = [{ ...removed('p', 0), change: 'same' as const }, removed('g', 1), removed('a', 2), removed('b', 2)];
  const kept = withAccepted(rows, new Set(), 2, false);
  assert.deepEqual([...kept].sort(), ['a', 'g']);
  assert.deepEqual([...withAccepted(rows, kept, 1, true)], []);
});
