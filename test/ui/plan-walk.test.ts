import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Theme } from '../../scripts/workbench/settings.ts';
import { assertAccessible } from '../support/accessibility.ts';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// One walk from a specification file to twelve scripts that run at once, with pictures narrow and wide in three themes.

const THEMES: readonly Theme[] = ['light', 'hc-dark', 'dark'];
const WIDTHS = [900, 420];
/** Width of the activity bar and the borders beside a page. */
const BESIDE = 60;
const HEIGHT = 800;

const titles = [
  'Read the price file',
  'Check the prices',
  'Check the names of the articles, including those with accents and quotation marks in them',
  'Check the currencies',
  'Report faults by line',
  'Write the list as CSV',
  'Write the list as JSON',
  'Sort by name',
  'Sort by price',
  'Print totals',
  'Describe the format',
  'Describe the faults',
  'Think about the future',
];

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('plan-walk');
  const boxes = titles.map((title) => `- [ ] ${title}\n`).join('');
  await writeFile(path.join(desk.folder, 'PRICES.md'), `# Price list\n\n${boxes}`);
  const home = path.join(desk.base, 'config', 'systemprompt');
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'config.json'), JSON.stringify({ worker: { maxParallel: 12 } }));
  process.env['XDG_CONFIG_HOME'] = path.dirname(home);
  window = await desk.open({ 'systemprompt.notifications': [], 'systemprompt.notifyApprovals': false });
});

after(async () => {
  await writeFile(path.join(desk.base, 'go'), '');
  await desk?.close();
});

/** Pictures of the page, which fills the window without its sidebar, and of the tree in its sidebar. */
async function pictures(what: 'page' | 'tree', name: string): Promise<void> {
  if (what === 'page') await window.page.keyboard.press('Control+B');
  for (const theme of THEMES) {
    await window.setTheme(theme);
    for (const width of WIDTHS) {
      if (what === 'page') await window.page.setViewportSize({ width: width + BESIDE, height: HEIGHT });
      else await window.resizeSidebar(width);
      await window.picture(`${name} ${theme} ${width}`);
    }
    if (what === 'page') await assertAccessible(window.webview(-1), `${name}, ${theme}`);
  }
  await window.page.setViewportSize({ width: 1280, height: HEIGHT });
  if (what === 'page') await window.page.keyboard.press('Control+B');
}

async function statuses(): Promise<readonly string[]> {
  const { tasks } = JSON.parse(await desk.cli('task', 'list', '--limit', '100', '--fields', 'status')) as {
    tasks: { status: string }[];
  };
  return tasks.map(({ status }) => status);
}

test('the tasks of a file are chosen and renamed, created, and run at once', async () => {
  await window.page.keyboard.press('Control+P');
  await window.answer('PRICES.md', { accept: false });
  await window.pick(/^PRICES\.md/);
  await window.page.locator('.part.editor .view-line').first().waitFor();
  await window.runCommand('SystemPrompt Tasks: Plan from Specification…');
  const page = window.webview(-1);
  const create = (count: number) => page.getByRole('button', { name: `Create ${count} Tasks`, disabled: false });
  await window.step('preview', () => create(13).waitFor());

  await page.getByRole('checkbox', { name: 'Include Think about the future' }).uncheck();
  const sorting = page.getByRole('checkbox', { name: 'Include Sort by name' });
  await sorting.uncheck();
  await create(11).waitFor();
  await sorting.check();
  await page.getByRole('textbox', { name: 'Title' }).first().fill('Read the file with the prices');
  await page.getByRole('combobox', { name: 'Agent for All…' }).selectOption('SHELL');
  await window.step('chosen', () => create(12).waitFor());
  await pictures('page', 'chosen');
  await create(12).click();
  await window.row(/Task 1, Read the file with the prices/).waitFor();
  assert.deepEqual([...new Set(await statuses())], ['pending']);

  // The scripts run until a file appears.
  const go = path.join(desk.base, 'go');
  const script = `echo "Working on it."; until [ -e '${go}' ]; do sleep 0.2; done`;
  for (let task = 1; task <= 12; task += 1) await desk.cli('task', 'update', String(task), '--instructions', script);
  await window.runCommand('SystemPrompt Tasks: Play Queue: Run All Pending Tasks');
  await window.step('running', () => window.row(/^In Progress, 12 tasks/).waitFor());
  await window.row(/^Task 12, Describe the faults, In Progress, agent SHELL/).waitFor();
  await pictures('tree', 'running');

  await writeFile(go, '');
  await until('all tasks have ended', async () => (await statuses()).every((status) => status === 'completed'));
  await window.step('completed', () => window.row(/^Completed, 12 tasks/).waitFor());
});
