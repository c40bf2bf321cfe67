import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { must, root } from '../../scripts/process.ts';
import { type Theme, themes } from '../../scripts/workbench/settings.ts';
import { newTaskRecord } from '../../src/core/task/create.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { openHost } from '../../src/host.ts';
import { addTask } from '../../src/store/task-changes.ts';
import { makeSheets } from '../support/contact-sheet.ts';
import { Desk } from '../support/desk.ts';
import { galleryFolder } from '../support/gallery.ts';
import type { Window } from '../support/window.ts';

// Pictures of every view with several numbers of tasks, in every kind of theme, narrow and wide: `npx node test/ui/gallery.ts`.
// They land in `test-artifacts/ui`, for a person to look at: `sheet-…` has one view and width in every theme.

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '0,6,60,2000' },
    themes: { type: 'string', default: Object.keys(themes).join(',') },
    widths: { type: 'string', default: '300,900' },
  },
});
const list = (text: string): string[] => text.split(',');

/** Width of the activity bar and the borders beside a page. */
const BESIDE = 60;
const HEIGHT = 800;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const verbs = ['Add', 'Fix', 'Describe', 'Test', 'Remove', 'Measure'];
const nouns = ['the login form', 'rounding of totals', 'the price import', 'the invoice mail', 'old endpoints'];

/** Started or failed. Not more of them than a person sees at once, so that the first tasks stay in sight. */
const isTrouble = (n: number): boolean => n % 7 === 0 && n < 60;

async function fill(desk: Desk, count: number): Promise<void> {
  const workerCommand = { command: process.execPath, args: [path.join(root, 'dist', 'cli.cjs')] };
  const host = await openHost({ folder: desk.folder, actor: 'Ada', trusted: () => true, workerCommand });
  try {
    await host.store.transact('gallery', (draft) => {
      let before: string | undefined;
      for (let n = 6; n <= count; n += 1) {
        const title = `${verbs[n % verbs.length]} ${nouns[n % nouns.length]}${n > 30 ? `, part ${n}` : ''}`;
        const common = { title, tool: ['CLAUDECODE', 'CODEX', 'SHELL'][n % 3], project: ['Shop', 'Site'][n % 2] };
        if (n % 3 === 0) draft.create(ended(common, n));
        else {
          const dependsOn = n % 4 === 1 && before !== undefined ? [before] : [];
          const priority = (['low', 'medium', 'high', 'critical'] as const)[n % 4];
          const labels = n % 5 === 0 ? ['api', 'docs'] : [];
          before = addTask(draft, { ...common, priority, labels, dependsOn }).id;
          if (isTrouble(n)) draft.patch(before, requestStart(draft.require(before), draft.at));
        }
      }
    });
  } finally {
    await host.close();
  }
}

function ended(params: object, n: number): ReturnType<typeof newTaskRecord> {
  const at = (ms: number): string => new Date(Date.now() - (n % 20) * DAY_MS - ms).toISOString();
  const fields: Partial<TaskRecord> = {
    status: isTrouble(n) ? 'failed' : n % 11 === 0 ? 'cancelled' : 'completed',
    started_at: at((n % 90) * MINUTE_MS),
    completed_at: at(0),
    active_ms: (n % 90) * MINUTE_MS,
    usage: { total_tokens: 10_000 + n * 700, cost_usd: 0.05 * (n % 40) },
  };
  if (isTrouble(n)) fields.error = 'The tests of the totals failed: expected 12.50, got 12.5.';
  return { ...newTaskRecord(params, at(100 * MINUTE_MS)), ...fields };
}

/** The first task has a result to review, the second one asks. */
async function work(desk: Desk): Promise<void> {
  const shell = ['--assigned-to', 'SHELL', '--project', 'Shop', '--priority', 'high', '--label', 'api'];
  const script =
    'sed -i "s/10/20/" src/*.js; echo "New text." >> README.md; for i in $(seq 1 60); do echo "line $i"; done';
  const text = ['--description', 'The list is **too short**: see `src/words.js`.', '--acceptance', 'All tests pass'];
  await desk.cli(
    'task',
    'create',
    'Raise the limit of the list of words to twenty entries',
    '--instructions',
    script,
    ...shell,
    ...text,
  );
  await desk.cli(
    'task',
    'create',
    'Tag the release',
    '--instructions',
    'git tag v1.0.0',
    '--requires-approval',
    ...shell,
  );
  await desk.cli('task', 'start', '1', '--wait');
  await desk.cli('task', 'start', '2');
}

/** The race of the third task has ended: one entrant passed its check. */
async function race(desk: Desk): Promise<void> {
  const script = 'name=$(basename "$PWD"); echo "$name" >> README.md; case $name in 4-*) exit 1;; esac';
  await desk.cli('task', 'create', 'Round the totals', '--instructions', script, '--assigned-to', 'SHELL');
  await desk.cli('task', 'race', '3', '--n', '2');
  await desk.cli('task', 'watch', '5');
}

/** Opens every page as a tab, and returns the names of the views in the order of the tabs. */
async function openPages(window: Window, hasRace: boolean): Promise<string[]> {
  const page = () => window.webview(-1);
  await window
    .row(/Task 1, Raise/)
    .first()
    .click();
  await page()
    .getByRole('heading', { name: /^#1 Raise/ })
    .waitFor();
  await window.runCommand('SystemPrompt Tasks: New Task…');
  await page().getByRole('textbox', { name: 'Title' }).waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Metrics');
  await page().locator('.tile').first().waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Graph');
  await page().getByRole('tree').waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Board');
  await page().locator('.columns').waitFor();
  await window.page.keyboard.press('Control+P');
  await window.answer('specs/tasks.md', { accept: false });
  await window.pick(/^tasks\.md/);
  await window.page.locator('.part.editor .view-line').first().waitFor();
  await window.runCommand('SystemPrompt Tasks: Plan from Specification…');
  await page()
    .getByRole('button', { name: /^Create \d+ Tasks/ })
    .waitFor();
  if (hasRace) {
    await window.pressOnRow(/Task 3, Round/, 'Compare Results…');
    await page().getByText('results to compare').waitFor();
  }
  await window.pressOnRow(/Task 1, Raise/, 'Review Changes');
  await window.page.locator('.part.editor .view-line').first().waitFor();
  return window.page
    .locator('.tabs-container .tab')
    .evaluateAll((tabs) => tabs.map((tab) => tab.textContent?.trim() ?? ''));
}

async function take(count: number): Promise<void> {
  const desk = await Desk.make(`gallery-${count}`);
  const sheets = new Map<string, string[]>();
  try {
    await mkdir(path.join(desk.folder, 'specs'), { recursive: true });
    const boxes = Array.from({ length: Math.max(2, count / 10) }, (_, n) => `- [ ] T${n} Step ${n} of the price list`);
    await writeFile(path.join(desk.folder, 'specs', 'tasks.md'), `# Price list\n\n## Import\n\n${boxes.join('\n')}\n`);
    await work(desk);
    if (count > 5) {
      await race(desk);
      await fill(desk, count);
    }
    const window = await desk.open({ 'systemprompt.notifyApprovals': false, 'systemprompt.notifications': [] });
    const tabs = await openPages(window, count > 5);
    // The pages of an empty folder are open already, as after the deletion of the last task.
    if (count === 0) {
      await desk.cli('task', 'cancel', '2');
      await desk.cli('task', 'delete', '1', '2');
    }
    for (const width of list(values.widths).map(Number)) {
      for (const theme of list(values.themes) as Theme[]) {
        const note = async (view: string): Promise<void> => {
          const sheet = `sheet-${count}-${width}-${view.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
          const picture = await window.picture(`${width} ${theme} ${view}`);
          sheets.set(sheet, [...(sheets.get(sheet) ?? []), picture]);
        };
        await window.page.setViewportSize({ width: 1280, height: HEIGHT });
        await window.setTheme(theme);
        await window.resizeSidebar(width);
        await note('tree and approvals');
        await window.resizeSidebar(300);
        await window.page.keyboard.press('Control+B');
        await window.page.setViewportSize({ width: width + BESIDE, height: HEIGHT });
        for (const [index, name] of tabs.entries()) {
          await window.page.locator('.tabs-container .tab').nth(index).dispatchEvent('mousedown', { button: 0 });
          await window.page.waitForTimeout(1_500);
          await note(name);
        }
        await window.page.keyboard.press('Control+B');
      }
    }
    const made = [...sheets].map(([name, pictures]) => ({ name, pictures }));
    await makeSheets(galleryFolder, made);
  } finally {
    await desk.close();
  }
}

await must(process.execPath, ['esbuild.js', '--production'], { output: 'hide' });
for (const count of list(values.tasks).map(Number)) await take(count);
