import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakePage } from '../../support/fake-page.ts';

test('an action is about its own card first, then about the other selected ones', async () => {
  await new FakePage().load('board');
  const source = (file: string): string => new URL(`../../../src/webviews/board/${file}`, import.meta.url).href;
  const { actedOn } = await import(source('moves.ts'));
  const { selected } = await import(source('state.ts'));
  selected.value = new Set(['a', 'b', 'c']);
  assert.deepEqual(actedOn('b'), ['b', 'a', 'c']);
  assert.deepEqual(actedOn('d'), ['d']);
});
