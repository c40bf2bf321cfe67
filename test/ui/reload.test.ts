import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// A person works on several pages, and reloads the window.

let desk: Desk;
let window: Window;

const page = (name: 'board' | 'graph' | 'metrics' | 'task'): Locator => window.tabPage(name);
const tabs = (): Locator => window.page.locator('.tabs-container .tab');
const tab = (name: string): Locator => tabs().filter({ hasText: name });
const heading = (name: string): Locator => page('task').getByRole('heading', { name });

before(async () => {
  desk = await Desk.make('reload');
  const shell = ['--assigned-to', 'SHELL', '--isolation', 'none'];
  await desk.cli('task', 'create', 'Count', '--instructions', 'echo counted lines', '--project', 'Shop', ...shell);
  await desk.cli(
    'task',
    'create',
    'Publish',
    '--instructions',
    'true',
    '--requires-approval',
    '--project',
    'Site',
    ...shell,
  );
  await desk.cli('task', 'create', 'Look', '--instructions', 'true', '--project', 'Site', ...shell);
  await desk.cli('task', 'start', '1', '--wait');
  await desk.cli('task', 'start', '2');
  window = await desk.open({ 'systemprompt.notifications': [], 'systemprompt.notifyApprovals': false });
});

after(() => desk?.close());

test('every page and the log have their own state', async () => {
  await window.openGroup(/^Completed/);
  await window
    .row(/Task 1, Count/)
    .first()
    .click();
  await heading('#1 Count').waitFor();
  await page('task').getByRole('button', { name: 'Edit Description' }).click();
  await page('task').getByRole('textbox', { name: 'Description' }).fill('Half a sentence');
  await page('task').getByRole('searchbox', { name: 'Search the log' }).fill('counted');
  await window.runCommand('SystemPrompt Tasks: Show Log');
  await until('the log is shown', async () => (await window.visibleText('panel')).includes('counted lines'));
  await window
    .row(/Task 3, Look/)
    .first()
    .click();
  await heading('#3 Look').waitFor();

  await window.runCommand('SystemPrompt Tasks: Open Board');
  await page('board').getByLabel('Columns').selectOption('Agent');
  await page('board').getByRole('searchbox').fill('publish');
  await page('board')
    .getByRole('heading', { name: /^SHELL/ })
    .waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Metrics');
  await page('metrics').getByLabel('Project').selectOption('Shop');
  await window.runCommand('SystemPrompt Tasks: Open Graph');
  await page('graph').getByLabel('Project').selectOption('Site');
  await page('graph')
    .getByRole('treeitem', { name: /^#2 Publish/ })
    .waitFor();
  await window.picture('before');
});

test('a reload brings everything back', async () => {
  const names = await tabs().allInnerTexts();
  assert.equal(names.length, 5);
  await window.runCommand('Developer: Reload Window');
  await window.page.waitForEvent('load');
  await window.waitUntilLive();
  await tabs().first().waitFor();
  assert.deepEqual(await tabs().allInnerTexts(), names);
  await window.step('graph', () =>
    page('graph')
      .getByRole('treeitem', { name: /^#2 Publish/ })
      .waitFor(),
  );
  assert.equal(await page('graph').getByLabel('Project').inputValue(), 'Site');
  await window.step('log', () =>
    until('the log is shown', async () => (await window.visibleText('panel')).includes('counted lines')),
  );
  await window.step('approvals', () => window.webview(0).getByRole('button', { name: 'Approve' }).waitFor());

  await tab('Metrics').click();
  await window.step('metrics', () => page('metrics').locator('.tile').first().waitFor());
  assert.equal(await page('metrics').getByLabel('Project').inputValue(), 'Shop');

  await tab('Board').click();
  await window.step('board', () =>
    page('board')
      .getByRole('heading', { name: /^SHELL/ })
      .waitFor(),
  );
  assert.equal(await page('board').getByRole('searchbox').inputValue(), 'publish');
  assert.equal(await page('board').getByText('Count', { exact: true }).count(), 0);
});

test('an edit and the search of a task page come back, and its tab is kept', async () => {
  await tab('#1 Count').click();
  const text = page('task').getByRole('textbox', { name: 'Description' });
  await window.step('edit', () => text.waitFor());
  assert.equal(await text.inputValue(), 'Half a sentence');
  await page('task').getByText('counted lines').first().waitFor();
  assert.equal(await page('task').getByRole('searchbox', { name: 'Search the log' }).inputValue(), 'counted');
  await page('task').getByRole('button', { name: 'Save', exact: true }).click();
  await until('it is saved', async () => {
    return JSON.parse(await desk.cli('task', 'show', '1', '--json')).description === 'Half a sentence';
  });
  // The editor restores a tab when it is shown; the other tab of a task is still the one that is reused.
  await tab('#3 Look').click();
  await heading('#3 Look').waitFor();
  await window
    .row(/Task 2, Publish/)
    .first()
    .click();
  await window.step('reused', () => heading('#2 Publish').waitFor());
  assert.equal(await tab('#3 Look').count(), 0);
  assert.equal(await tabs().count(), 5);
});
