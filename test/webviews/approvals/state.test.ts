import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakePage } from '../../support/fake-page.ts';

const written = { reasons: { a: 'not like that' }, answers: { b: { name: 'Ada' } } };

test('written reasons and answers stay until every store is open', async () => {
  const page = new FakePage();
  page.saved = written;
  await page.load('approvals');
  page.emit('cards', { cards: [], more: 0, complete: false, trusted: true });
  assert.deepEqual(page.saved, written);
  page.emit('cards', { cards: [], more: 0, complete: true, trusted: true });
  assert.deepEqual(page.saved, { reasons: {}, answers: {} });
});
