import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, Card } from '../../../src/webviews/board/protocol.ts';
import { FakePage } from '../../support/fake-page.ts';

interface State {
  readonly current: { value: { readonly column: string; readonly id: string } | undefined };
  readonly filterText: { value: string };
  readonly wish: { readonly value: { readonly filter: string } };
  clearFilter(): void;
  load(): Promise<void>;
}

const card: Card = {
  id: 'a',
  number: 1,
  title: 'One',
  agent: 'SHELL',
  mark: 'idle',
  words: '',
  urgency: null,
  parts: null,
  spend: null,
  changes: null,
  action: null,
  flags: 'task',
  spoken: 'One',
};

const boardWith = (column: string): Board => ({
  folders: [],
  wish: { folder: '', group: 'status', filter: '', limits: {} },
  playing: false,
  trusted: true,
  problem: '',
  total: 1,
  columns: ['pending', 'queued'].map((key) => {
    const cards = key === column ? [card] : [];
    return { key, name: key, count: cards.length, cards };
  }),
});

test('the Tab key reaches the board again after its current card has gone', async () => {
  const page = new FakePage();
  const { current, load } = await page.load<State>('board');
  const show = async (column: string): Promise<void> => {
    const loading = load();
    await page.reply('load', { output: boardWith(column) });
    await loading;
  };
  await show('pending');
  current.value = { column: 'pending', id: 'a' };
  await show('pending');
  assert.deepEqual(current.value, { column: 'pending', id: 'a' });
  await show('queued');
  assert.equal(current.value, undefined);
});

test('clearing the filter empties its field', async () => {
  const page = new FakePage();
  const { clearFilter, filterText, wish } = await page.load<State>('board');
  filterText.value = 'label:api';
  clearFilter();
  assert.deepEqual([filterText.value, wish.value.filter], ['', '']);
});
