import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// A person looks for the settings of the extension in the editor of settings, and changes one.

let desk: Desk;
let window: Window;
const configHome = process.env['XDG_CONFIG_HOME'];

const editor = (): Locator => window.page.locator('.settings-editor');
const item = (title: string): Locator => editor().locator('.setting-item-contents').filter({ hasText: title }).first();

before(async () => {
  desk = await Desk.make('settings');
  // The copy for workers belongs to the machine: here to a machine of the test.
  process.env['XDG_CONFIG_HOME'] = path.join(desk.base, 'config');
  const shell = ['--assigned-to', 'SHELL', '--instructions', 'true'];
  await desk.cli('task', 'create', 'Wait', ...shell);
  window = await desk.open();
});

after(async () => {
  await desk?.close();
  if (configHome === undefined) delete process.env['XDG_CONFIG_HOME'];
  else process.env['XDG_CONFIG_HOME'] = configHome;
});

const everything = '@ext:systemprompt.systemprompt-tasks';

async function search(text: string): Promise<void> {
  await editor().locator('.suggest-input-container').click();
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.type(text);
}

async function showSettings(tab: string): Promise<void> {
  await editor().getByRole('tab', { name: tab }).click();
}

test('the editor of settings explains every setting', async () => {
  // So high that most settings are in the page: the list draws only those in sight.
  await window.page.setViewportSize({ width: 1280, height: 1800 });
  await window.runCommand('Preferences: Open Settings (UI)');
  await search(everything);
  await window.step('user', () => item('Notify Approvals').waitFor());
  await window.step('notifications', () => item('Merge As').waitFor());
  await showSettings('Remote');
  await window.step('machine', () => item('Max Parallel').waitFor());
  const descriptions = await editor().locator('.setting-item-description').allInnerTexts();
  for (const [id, title] of [
    ['worker.maxPerAgent', 'Max Per Agent'],
    ['worker.sessionIdleMinutes', 'Session Idle Minutes'],
    ['worktrees.place', 'Place'],
  ] as const) {
    await search(`@id:systemprompt.${id}`);
    await window.step(title, () => item(title).waitFor());
    descriptions.push(...(await editor().locator('.setting-item-description').allInnerTexts()));
  }
  for (const text of descriptions) assert.doesNotMatch(text, /%|\*|`/, 'the text is formatted');
});

test('a changed setting is followed by the command line', async () => {
  const slots = async (): Promise<unknown> => JSON.parse(await desk.cli('queue', 'status', '--json')).max_parallel;
  assert.equal(await slots(), 2);
  await search(everything);
  await item('Max Parallel').waitFor();
  await window.untilStill('settings');
  const input = item('Max Parallel').getByRole('textbox').or(item('Max Parallel').getByRole('spinbutton')).first();
  await input.fill('7');
  await window.page.keyboard.press('Enter');
  await window.step('set', () => item('Max Parallel').and(window.page.locator('.is-configured')).waitFor());
  await until('it is followed', async () => (await slots()) === 7);
  await window.picture('changed');
});
