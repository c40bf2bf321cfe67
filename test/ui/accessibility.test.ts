import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { themes } from '../../scripts/workbench/settings.ts';
import { assertAccessible } from '../support/accessibility.ts';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

// Every page in every kind of theme, checked with axe, except the board. One window with all pages as tabs.

let desk: Desk;
let window: Window;

const page = () => window.webview(-1);

/** Each tab by its title, with an element of its page. */
const tabs: readonly { readonly tab: RegExp; readonly drawn: () => Locator }[] = [
  { tab: /^#1 Tag the release/, drawn: () => page().getByRole('heading', { name: '#1 Tag the release' }) },
  { tab: /^New Task/, drawn: () => page().getByRole('textbox', { name: 'Title' }) },
  { tab: /^Task Metrics/, drawn: () => page().locator('.tile').first() },
  { tab: /^Task Graph/, drawn: () => page().getByRole('tree', { name: 'Tasks of the graph' }) },
  { tab: /^Race #5/, drawn: () => page().getByRole('listitem', { name: /^#7 / }) },
  { tab: /tasks\.md \(plan\)|Plan/, drawn: () => page().getByRole('button', { name: /^Create \d+ Tasks/ }) },
];

before(async () => {
  desk = await Desk.make('accessibility');
  await mkdir(path.join(desk.folder, 'specs'), { recursive: true });
  await writeFile(path.join(desk.folder, 'specs', 'tasks.md'), '# Prices\n\n- [ ] T001 Read\n- [ ] T002 [P] Write\n');
  const make = (title: string, ...more: string[]): Promise<string> =>
    desk.cli('task', 'create', title, '--assigned-to', 'SHELL', '--isolation', 'none', ...more);
  await make('Tag the release', '--requires-approval', '--instructions', 'git tag v1', '--priority', 'critical');
  await make(
    'Check the links',
    '--instructions',
    'echo broken >&2; exit 3',
    '--label',
    'docs',
    '--budget-minutes',
    '5',
  );
  await make('Publish', '--instructions', 'true', '--depends-on', '1', '--description', 'See **README**.');
  await make('Clean up', '--instructions', 'echo done', '--priority', 'high');
  await desk.cli('task', 'start', '2', '4', '--wait').catch(() => '');
  await desk.cli('task', 'start', '1');
  const checks = ['--check', 'true', '--check', 'test -e missing'];
  const script = ['--instructions', 'echo new >> README.md', '--assigned-to', 'SHELL'];
  await desk.cli('task', 'create', 'Describe the prices', ...script, ...checks);
  await desk.cli('task', 'race', '5', '--n', '2');
  await desk.cli('task', 'watch', '6', '7').catch(() => '');
  window = await desk.open({ 'systemprompt.notifyApprovals': false });
});

after(() => desk?.close());

test('every page opens in a tab', async () => {
  await window
    .row(/Task 1, Tag the release/)
    .first()
    .click();
  await tabs[0]?.drawn().waitFor();
  await window.runCommand('SystemPrompt Tasks: New Task…');
  await tabs[1]?.drawn().waitFor();
  await page().getByText('More…').click();
  await window.runCommand('SystemPrompt Tasks: Open Metrics');
  await tabs[2]?.drawn().waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Graph');
  await tabs[3]?.drawn().waitFor();
  await window.pressOnRow(/Task 5, Describe the prices/, 'Compare Results…');
  await tabs[4]?.drawn().waitFor();
  await window.page.keyboard.press('Control+P');
  await window.answer('specs/tasks.md', { accept: false });
  await window.pick(/^tasks\.md/);
  await window.page.locator('.part.editor .view-line').first().waitFor();
  await window.runCommand('SystemPrompt Tasks: Plan from Specification…');
  await window.step('plan', async () => tabs[5]?.drawn().waitFor());
});

for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
  test(`every page is accessible in the theme ${themes[theme].label}`, async () => {
    await window.setTheme(theme);
    const approvals = window.page.locator('iframe.webview.ready').first().contentFrame().frameLocator('#active-frame');
    const faults: unknown[] = [];
    for (const { tab, drawn } of tabs) {
      await window.page.locator('.tabs-container').getByRole('tab', { name: tab }).first().click();
      await drawn().waitFor();
      await window.picture(`${theme} ${tab.source}`);
      await assertAccessible(page(), `${tab.source}, ${theme}`).catch((error: unknown) => faults.push(error));
    }
    await assertAccessible(approvals, `approvals, ${theme}`, 'sideBar').catch((error: unknown) => faults.push(error));
    // All faults of a theme in one report.
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('\n'));
  });
}
