import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from '../support/accessibility.ts';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

// One window: two scripts race, a person follows them, compares their results, asks for an opinion, and picks one.

let desk: Desk;
let window: Window;

const page = (): FrameLocator => window.webview(-1);
const card = (number: number): Locator => page().getByRole('listitem', { name: new RegExp(`^#${number} `) });
const tab = (): Locator => window.page.locator('.tabs-container').getByRole('tab', { name: /^Race #1/ });

before(async () => {
  desk = await Desk.make('race');
  await desk.haveAgents({ JUDGE: { fake: 'judging', title: 'Judging agent' } });
  // The name of a worktree begins with the number of its task.
  const go = path.join(desk.base, 'go');
  const script = `name=$(basename "$PWD"); echo "written by \${name%%-*}" > result.txt
case $name in 3-*) while [ ! -e '${go}' ]; do sleep 0.2; done; echo more >> README.md;; esac`;
  const shell = ['--assigned-to', 'SHELL', '--check', 'test -s result.txt', '--check', 'grep -q more README.md'];
  await desk.cli('task', 'create', 'Write the result', '--instructions', script, ...shell);
  await desk.cli('task', 'race', '1', '--n', '2');
  window = await desk.open({ 'systemprompt.notifications': [] });
});

after(() => desk?.close());

test('the row of a race opens the comparison, which follows the entrants', async () => {
  await window.pressOnRow(/Task 1, Write the result/, 'Compare Results…');
  await tab().waitFor();
  await window.step('running', async () => {
    // A check of the script that did not wait fails.
    await card(2).getByText('Failed', { exact: true }).waitFor();
    await card(2).getByText('1 file').waitFor();
    await card(3).getByText('In Progress').waitFor();
    await card(3).getByText('1 file').waitFor();
  });
  assert.equal(
    await card(3)
      .getByRole('button', { name: /^Pick This Result/ })
      .count(),
    0,
  );
  await writeFile(path.join(desk.base, 'go'), '');
  await window.step('ended', async () => {
    await card(3).getByText('2 files').waitFor();
    await page().getByText('results to compare').waitFor();
    await card(3)
      .getByRole('button', { name: /^Pick This Result/ })
      .waitFor();
  });
  const outcomes = await card(2).getByRole('list').getByRole('listitem').allInnerTexts();
  assert.deepEqual(
    outcomes.map((outcome) => outcome.replace(/\s+/g, ' ').trim()),
    ['passed test -s result.txt', 'failed grep -q more README.md'],
  );
});

test('the changes and the task of an entrant open from its card', async () => {
  await card(3).getByRole('button', { name: 'Changes #3' }).click();
  await window.step('changes', () => window.page.getByText('result.txt').first().waitFor());
  await tab().click();
  await card(3).getByRole('button', { name: 'Open #3' }).click();
  await page()
    .getByRole('heading', { name: /^#3 Write the result/ })
    .waitFor();
  await tab().click();
  await card(3).waitFor();
});

test('a pick asks first, keeps the keyboard on the page, and is merged', async () => {
  const pick = (): Locator => card(3).getByRole('button', { name: 'Pick This Result #3' });
  await pick().focus();
  await window.page.keyboard.press('Enter');
  const dialog = window.dialog('Pick the result of task #3');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page().getByText('Picked', { exact: true }).count(), 0);
  await assertAccessible(page(), 'race');

  await pick().focus();
  await window.page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Pick Result' }).click();
  await window.step('picked', () => card(3).getByText('Picked', { exact: true }).waitFor());
  assert.equal(
    await page()
      .getByRole('button', { name: /^Pick This Result/ })
      .count(),
    0,
  );
  await page().locator('button:focus').waitFor();
  const shown = JSON.parse(await desk.cli('task', 'race', 'show', '1', '--json')) as {
    entrants: { number: number; picked: boolean }[];
  };
  assert.deepEqual(
    shown.entrants.map(({ number, picked }) => [number, picked]),
    [
      [2, false],
      [3, true],
    ],
  );

  await page().getByRole('button', { name: 'Merge…' }).click();
  await window.pick(/Merge the commits/);
  await window.step('merged', () => page().getByRole('button', { name: 'Merge…' }).waitFor({ state: 'hidden' }));
  assert.equal(await readFile(path.join(desk.folder, 'result.txt'), 'utf8'), 'written by 3\n');
});

test('the comparison of a decided race opens again from its task, without a choice', async () => {
  await page().getByRole('button', { name: 'Open Task' }).click();
  const task = (): Locator => page().getByRole('heading', { name: /^#1 Write the result/ });
  await task().waitFor();
  await tab().click();
  await card(3).waitFor();
  await window.runCommand('View: Close Editor');
  await tab().waitFor({ state: 'detached' });
  await task().waitFor();
  await page().getByRole('button', { name: 'Compare Results' }).click();
  await tab().waitFor();
  await window.step('decided', () => card(3).getByText('Picked', { exact: true }).waitFor());
  // The discarded result is kept in git, so that its numbers and its changes stay.
  await card(2).getByText('1 file').waitFor();
  await card(2).getByRole('button', { name: 'Changes #2' }).waitFor();
  for (const action of [/^Pick This Result/, /^Ask an Agent to Judge/, /^Merge/]) {
    assert.equal(await page().getByRole('button', { name: action }).count(), 0);
  }
  await window.runCommand('View: Close All Editors');
  await tab().waitFor({ state: 'detached' });
});

test('an agent judges the results of agents', async () => {
  await desk.cli('task', 'create', 'Describe the list', '--assigned-to', 'JUDGE');
  await desk.cli('task', 'race', '4', '--n', '2');
  await desk.cli('task', 'watch', '5', '6');
  await window.pressOnRow(/Task 4, Describe the list/, 'Compare Results…');
  await page().getByRole('button', { name: 'Ask an Agent to Judge…' }).click();
  await window.pick(/Judging agent/);
  await window.step('judged', () => card(6).getByText("Judge's Choice").waitFor());
  await card(6).getByText('score 7 of 10').waitFor();
  // The words of an agent are text.
  await card(5).getByText('<b>No test</b> was changed.').waitFor();
  for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
    await window.setTheme(theme);
    await card(6).waitFor();
    await window.picture(`judged ${theme}`);
    await assertAccessible(page(), `race, ${theme}`);
  }
  await window.page.keyboard.press('Control+B');
  await window.page.setViewportSize({ width: 420, height: 900 });
  await window.picture('narrow');
});
