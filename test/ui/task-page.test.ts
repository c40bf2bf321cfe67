import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// The page of a task. One window; each test goes on where the one before stopped.

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('task-page');
  window = await desk.open();
});

after(() => desk?.close());

const cli = (...args: string[]): Promise<string> => desk.cli(...args);
/** The page is the webview that was shown last; the other one is the Approvals view. */
const page = () => window.webview(-1);
const button = (name: string) => page().getByRole('button', { name, exact: true });

async function shown(field: string): Promise<unknown> {
  return JSON.parse(await cli('task', 'show', '1', '--json'))[field];
}

test('a click on a row opens the page of the task with its actions', async () => {
  const script = 'for i in $(seq 1 3000); do echo line $i; done';
  const options = ['--assigned-to', 'SHELL', '--isolation', 'none', '--budget-minutes', '10', '--requires-approval'];
  await cli('task', 'create', 'Count <b>lines</b>', '--instructions', script, '--description', 'Why.', ...options);
  await cli('task', 'create', 'After it', '--assigned-to', 'SHELL', '--instructions', 'true', '--depends-on', '1');
  // The second row comes above or below the first one, which must not move away from under the pointer.
  await window.row(/Task 2, After it/).waitFor();
  await window.row(/Task 1, Count/).click();
  await window.step('pending', () => page().getByRole('heading', { name: '#1 Count <b>lines</b>' }).waitFor());
  await button('Start').waitFor();
  assert.equal(await page().getByText('Why.').count(), 1);
});

test('a text is edited in place, and a conflict shows both values', async () => {
  await button('Edit Description').click();
  await page().getByRole('textbox', { name: 'Description' }).fill('Because of the release.');
  await button('Save').click();
  await page().getByText('Because of the release.').waitFor();
  assert.equal(await shown('description'), 'Because of the release.');

  await button('Edit Description').click();
  await page().getByRole('textbox', { name: 'Description' }).fill('Mine');
  await cli('task', 'update', '1', '--description', 'Theirs');
  await button('Save').click();
  await window.step('conflict', () => page().getByRole('alert').filter({ hasText: 'Theirs' }).waitFor());
  assert.equal(await shown('description'), 'Theirs');
  await button('Save Anyway').click();
  await until('mine is saved', async () => (await shown('description')) === 'Mine');
});

test('a field is changed in a list of the editor', async () => {
  await button('Edit Priority: medium').click();
  await window.pick('high');
  await button('Edit Priority: high').waitFor();
  assert.equal(await shown('priority'), 'high');
  await button('Edit Labels: none').click();
  await window.answer('api');
  await window.step('field', () => button('Edit Labels: api').waitFor());
  await button('Edit Token limit: no limit').click();
  await window.answer('200k');
  await button('Edit Token limit: 200,000 tokens').waitFor();
});

test('a request is decided on the page while the log grows below', async () => {
  await button('Start').click();
  await button('Approve').waitFor();
  await window.picture('asks');
  await button('Approve').click();
  await window.step('completed', () => page().getByText('Completed', { exact: true }).first().waitFor());
  await window.step('end of the log', () => page().getByText('line 3000', { exact: false }).first().waitFor());
  assert.ok((await page().locator('.line').count()) < 100, 'only the lines in sight are drawn');
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(theme);
  }
  await window.resizeSidebar(900);
  await window.picture('narrow');
  await window.resizeSidebar(300);
});

test('the tab of an edited task is kept, and the next one is reused', async () => {
  const tabs = window.page.locator('.tabs-container .tab');
  await cli('task', 'create', 'Last', '--assigned-to', 'SHELL', '--instructions', 'true');
  await window.row(/Task 3, Last/).click();
  await page().getByRole('heading', { name: '#3 Last' }).waitFor();
  assert.equal(await tabs.count(), 2);
  await window.row(/Task 2, After it/).click();
  await window.step('another', () => page().getByRole('heading', { name: '#2 After it' }).waitFor());
  assert.equal(await tabs.count(), 2);
  await button('#1 Count <b>lines</b>').click();
  await page().getByRole('heading', { name: '#1 Count <b>lines</b>' }).waitFor();
  assert.equal(await tabs.count(), 2);
});
