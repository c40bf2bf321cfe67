import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible } from '../support/accessibility.ts';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// One window: from a specification file to tasks, then a refinement by an agent, then the other sources of a plan.

let desk: Desk;
let window: Window;

const spec = `# Price list

## Phase 1: Setup

- [ ] T001 Create the folder
- [ ] T002 [P] Describe the format
- [ ] T003 [P] Describe the currencies

## Phase 2: Import

- [ ] T004 Read the file
- [ ] T005 [P] Check the prices
- [ ] T006 [P] Check the names
- [ ] T007 Report faults

## Phase 3: Export

- [ ] T008 Write the list
- [ ] T009 [P] Sort by name
- [ ] T010 [P] Sort by price
`;

const taxSpec = `# Tax

## Rates

- [ ] Rates
- [ ] Store the rates

## Export

- [ ] Write the totals
- [ ] See the wiki
`;

before(async () => {
  desk = await Desk.make('plan');
  await mkdir(path.join(desk.folder, 'specs', '001-price'), { recursive: true });
  await writeFile(path.join(desk.folder, 'specs', '001-price', 'tasks.md'), spec);
  await mkdir(path.join(desk.folder, 'specs', '002-tax'), { recursive: true });
  await writeFile(path.join(desk.folder, 'specs', '002-tax', 'rates.md'), taxSpec);
  await desk.haveAgents({
    QUICK: { fake: 'tool-user', title: 'Quick agent' },
    PLANNER: { fake: 'planner', title: 'Planning agent', args: [path.join(desk.base, 'go')] },
  });
  window = await desk.open();
});

after(() => desk?.close());

interface Listed {
  readonly title: string;
  readonly kind: string;
  readonly tool: string;
  readonly status: string;
  readonly constraints: object;
}

async function listed(): Promise<readonly Listed[]> {
  const fields = ['title', 'kind', 'tool', 'status', 'constraints'].join(',');
  const { tasks } = JSON.parse(await desk.cli('task', 'list', '--limit', '100', '--fields', fields)) as {
    tasks: Listed[];
  };
  return tasks;
}

async function openFile(name: string): Promise<void> {
  await window.page.keyboard.press('Control+P');
  await window.answer(name, { accept: false });
  await window.pick(new RegExp(`^${name.split('/').at(-1)}`));
  await window.page.locator('.part.editor .view-line').first().waitFor();
}

test('a specification file becomes tasks: chosen, renamed, with a limit, created at once', async () => {
  await openFile('specs/001-price/tasks.md');
  await window.runCommand('SystemPrompt Tasks: Plan from Specification…');
  const page = window.webview(-1);
  await window.step('preview', () => page.getByRole('button', { name: 'Create 13 Tasks', disabled: false }).waitFor());

  // A group and its last task: one fewer.
  await page.getByRole('checkbox', { name: 'Include Sort by price' }).uncheck();
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.nth(1).fill('Create the folder for prices');
  await page.getByRole('textbox', { name: 'Minutes' }).fill('5');
  await page.getByRole('combobox', { name: 'Agent for All…' }).selectOption('QUICK');
  const create = page.getByRole('button', { name: 'Create 12 Tasks', disabled: false });
  await window.step('chosen', () => create.waitFor());
  assert.deepEqual(await listed(), [], 'a preview creates nothing');
  await page.getByRole('button', { name: 'Create and Start' }).click();
  await window.step('created', () => window.row(/Create the folder for prices/).waitFor());

  const tasks = await listed();
  assert.equal(tasks.length, 12);
  assert.ok(tasks.every(({ kind, tool }) => kind === 'group' || tool === 'QUICK'));
  assert.ok(tasks.every((task) => task.title !== 'Sort by price'));
  const renamed = tasks.find((task) => task.title === 'Create the folder for prices');
  assert.deepEqual(renamed?.constraints, { max_duration_minutes: 5 });
  await until('the first task has run', async () =>
    (await listed()).some(({ kind, status }) => kind === 'work' && status === 'completed'),
  );
});

async function refine(): Promise<void> {
  await window.webview(-1).getByRole('button', { name: 'Refine with an Agent…' }).click();
  await window.pick(/Planning agent/);
}

test('an agent refines the plan of a file; a person accepts some of its changes, and takes them back', async () => {
  await openFile('specs/002-tax/rates.md');
  await window.runCommand('SystemPrompt Tasks: Plan from Specification…');
  const page = window.webview(-1);
  await page.getByRole('button', { name: 'Create 6 Tasks', disabled: false }).waitFor();
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.nth(2).fill('Keep the rates in a file');
  await refine();
  const working = page.getByText(/PLANNER reads the specification and proposes changes in #\d+\./);
  await window.step('refining', () => working.waitFor());
  await page.getByRole('button', { name: 'Cancel' }).click();
  await working.waitFor({ state: 'hidden' });
  await until('the task of the agent is cancelled', async () =>
    (await listed()).some(
      ({ title, status }) => title === 'Refine the plan of specs/002-tax/rates.md' && status === 'cancelled',
    ),
  );

  await writeFile(path.join(desk.base, 'go'), '');
  await refine();
  const change = (name: string) => page.getByRole('checkbox', { name: `Accept the change of ${name}` });
  await window.step('proposal', () => change('See the wiki').waitFor());
  await assertAccessible(page, 'proposal');
  await change('See the wiki').uncheck();
  await page.getByRole('button', { name: 'Accept 2 Changes' }).click();
  await window.step('refined', () => page.getByRole('button', { name: 'Create 7 Tasks', disabled: false }).waitFor());
  const titles = () => title.all().then((all) => Promise.all(all.map((each) => each.inputValue())));
  const rest = ['Keep the rates in a file', 'Export', 'Write the totals', 'See the wiki'];
  assert.deepEqual(await titles(), ['Rates', 'Look up the rates of all countries', ...rest, 'Check the rounding']);
  const offer = page.getByRole('button', { name: 'Refine with an Agent…' });
  assert.equal(await offer.count(), 0, 'another agent would replace these changes');

  await page.getByRole('button', { name: 'Undo Refinement' }).click();
  await page.getByRole('button', { name: 'Create 6 Tasks', disabled: false }).waitFor();
  assert.deepEqual(await titles(), ['Rates', 'Rates', ...rest]);
  await offer.waitFor();
});

test('a template asks for its fields, then shows its tasks', async () => {
  await window.runCommand('SystemPrompt Tasks: New Task from Template…');
  await window.pick(/Bug Fix/i);
  const page = window.webview(-1);
  await page.getByRole('textbox', { name: 'bug_description' }).waitFor();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('alert').filter({ hasText: 'bug_description' }).first().waitFor();
  await page.getByRole('textbox', { name: 'bug_description' }).fill('The total is wrong');
  await page.getByRole('combobox', { name: /severity/ }).selectOption('high');
  await page.getByRole('button', { name: 'Preview' }).click();
  const create = page.getByRole('button', { name: 'Create 5 Tasks', disabled: false });
  await window.step('template', () => create.waitFor());
  await create.click();
  await window
    .row(/The total is wrong/)
    .first()
    .waitFor();
});
