import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from '../support/accessibility.ts';
import { Desk } from '../support/desk.ts';
import { dragOnto } from '../support/drag.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// The board, then drag and drop in the tree. One window; each test continues where the previous one stopped.

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('board');
  const make = (title: string, ...more: string[]): Promise<string> =>
    desk.cli('task', 'create', title, '--assigned-to', 'SHELL', '--isolation', 'none', ...more);
  await make('Fetch the rates', '--instructions', 'until [ -f go ]; do sleep 0.1; done', '--label', 'api');
  await make('Convert the prices', '--instructions', 'true', '--label', 'api');
  await make('Round the totals', '--instructions', 'true');
  await make('Print the invoice', '--instructions', 'true', '--priority', 'high');
  await make('Mail the invoice', '--instructions', 'true');
  window = await desk.open();
});

after(() => desk?.close());

interface Shown {
  readonly status: string;
  readonly priority: string;
  readonly depends_on: readonly string[];
  readonly parent_id?: string;
  readonly id: string;
}

async function task(number: number): Promise<Shown> {
  return JSON.parse(await desk.cli('task', 'show', String(number), '--json'));
}

const page = () => window.webview(-1);
const column = (name: string | RegExp) => page().getByRole('region', { name });
const card = (within: string | RegExp, title: string) =>
  column(within).getByRole('listitem').filter({ hasText: title });
const statusOf = async (number: number): Promise<string> => (await task(number)).status;

test('the columns are the groups of the tree, with their tasks as cards', async () => {
  await window.runCommand('SystemPrompt Tasks: Open Board');
  await window.step('columns', () => card(/^Pending, 5/, 'Fetch the rates').waitFor());
  for (const name of ['Needs You, 0', 'Queued, 0', 'In Progress, 0', 'Completed, 0', 'Cancelled, 0']) {
    await column(name).waitFor();
  }
  // High priority first.
  assert.match(
    (await column(/^Pending/)
      .getByRole('listitem')
      .first()
      .textContent()) ?? '',
    /Print the invoice/,
  );
});

test('a card dragged to a column takes the legal action, and other columns show a reason', async () => {
  await dragOnto(window.page, card(/^Pending/, 'Fetch the rates'), column(/^In Progress/), async () => {
    await column(/^In Progress/)
      .getByText('Start', { exact: true })
      .waitFor();
    await column(/^Failed/)
      .getByText('Only a run of its agent leads here.')
      .waitFor();
    await window.picture('dragging', { pointer: 'stay' });
  });
  await window.step('running', () => card(/^In Progress/, 'Fetch the rates').waitFor());
  await until('it runs', async () => (await statusOf(1)) === 'in_progress');
  await dragOnto(window.page, card(/^In Progress/, 'Fetch the rates'), column(/^Failed/), () =>
    column(/^Failed/)
      .getByText('Only a run of its agent leads here.')
      .waitFor(),
  );
  assert.equal(await statusOf(1), 'in_progress');
});

test('Alt with an arrow key moves the focused card, and M lists its targets', async () => {
  await card(/^Pending/, 'Round the totals').focus();
  await window.page.keyboard.press('m');
  await window.quickInput.getByRole('option', { name: /^Completed/ }).waitFor();
  assert.equal(await window.quickInput.getByRole('option', { name: /^Failed/ }).count(), 0);
  await window.pick(/^Completed/);
  await window.step('completed', () => card(/^Completed/, 'Round the totals').waitFor());
  await card(/^In Progress/, 'Fetch the rates').focus();
  await window.page.keyboard.press('Alt+ArrowRight');
  await window.step('paused', () => card(/^Paused/, 'Fetch the rates').waitFor());
  await until('it is paused', async () => (await statusOf(1)) === 'paused');
});

test('selected cards move together', async () => {
  await card(/^Pending/, 'Convert the prices').focus();
  await window.page.keyboard.press('Space');
  await card(/^Pending/, 'Mail the invoice').click({ modifiers: ['Control'] });
  await page().getByText('2 selected').waitFor();
  await window.picture('selected');
  await dragOnto(window.page, card(/^Pending/, 'Mail the invoice'), column(/^Completed/), () =>
    column(/^Completed/)
      .getByText('Complete', { exact: true })
      .waitFor(),
  );
  await window.step('together', () => column('Completed, 3').waitFor());
  assert.deepEqual(await Promise.all([2, 5].map(statusOf)), ['completed', 'completed']);
});

test('the board is accessible in every theme, wide and narrow', async () => {
  for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
    await window.setTheme(theme);
    await assertAccessible(page(), `board, ${theme}`);
    await window.picture(theme);
  }
  await window.resizeSidebar(900);
  await assertAccessible(page(), 'board, narrow');
  await window.picture('narrow');
  await window.resizeSidebar(300);
});

test('the filter and the choice of columns are those of the tree', async () => {
  await page()
    .getByRole('searchbox', { name: /^Filter/ })
    .fill('label:api');
  await window.step('filtered', () => column('Completed, 1').waitFor());
  await page()
    .getByRole('searchbox', { name: /^Filter/ })
    .fill('');
  await page().getByRole('combobox', { name: 'Columns' }).selectOption('label');
  await window.step('labels', () => card(/^api, 2/, 'Fetch the rates').waitFor());
});

const row = (name: string) => window.row(new RegExp(`^Task \\d+, ${name}`)).first();

test('a row dropped on a group of the tree takes the legal action', async () => {
  await desk.cli('task', 'create', 'Archive the invoice', '--assigned-to', 'SHELL', '--instructions', 'true');
  await row('Archive the invoice').waitFor();
  await window.step('group', async () => {
    await dragOnto(window.page, row('Archive the invoice'), window.row(/^Completed, 3 tasks/));
    await window.row(/^Completed, 4 tasks/).waitFor();
  });
  assert.equal(await statusOf(6), 'completed');
});

test('a row dropped on a task offers dependency, parent and priority', async () => {
  await desk.cli('task', 'create', 'Close the month', '--assigned-to', 'SHELL', '--instructions', 'true');
  const [from, onto] = [row('Close the month'), row('Print the invoice')];
  await from.waitFor();
  for (const choice of [/^Wait for #4/, /^Make a Part of #4/, /^Take the Priority of #4/]) {
    await dragOnto(window.page, from, onto);
    await window.quickInput.getByRole('option', { name: choice }).waitFor();
    await window.picture(`drop ${choice.source}`);
    await window.pick(choice);
    await window.quickInput.waitFor({ state: 'hidden' });
  }
  const { id } = await task(4);
  await until('all three apply', async () => {
    const { depends_on, parent_id, priority } = await task(7);
    return depends_on.includes(id) && parent_id === id && priority === 'high';
  });
});
