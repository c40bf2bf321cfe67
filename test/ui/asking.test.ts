import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// What a task asks of its person in words or in money: the question of an agent, and a limit that is used up.

const themes = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('asking');
  await desk.haveAgents({
    CURIOUS: { fake: 'curious', title: 'curious' },
    BUDGETED: { fake: 'budgeted', title: 'budgeted' },
  });
  window = await desk.open();
});

after(() => desk?.close());

const cli = (...args: string[]): Promise<string> => desk.cli(...args);

interface Shown {
  readonly status: string;
  readonly constraints: { readonly max_cost_usd?: number };
  readonly approvals: readonly { readonly status: string; readonly notes?: string }[];
}

const task = async (number: string): Promise<Shown> => JSON.parse(await cli('task', 'show', number, '--json'));
const log = (number: string): Promise<string> => cli('task', 'logs', number);
const card = (name: RegExp): Locator => window.webview().getByRole('listitem').filter({ hasText: name });

async function start(title: string, agent: string, ...more: string[]): Promise<void> {
  const made = ['--assigned-to', agent, '--isolation', 'none', ...more, '--start'];
  await cli('task', 'create', title, ...made);
}

/** A notification where they are kept: one that is only told goes by itself, however slow the machine is. */
async function noted(text: RegExp): Promise<Locator> {
  const center = window.page.locator('.notifications-center.visible');
  if (!(await center.isVisible())) await window.runCommand('Notifications: Show Notifications');
  const found = center.locator('.notification-list-item').filter({ hasText: text });
  await found.waitFor();
  return found;
}

async function pictures(what: string): Promise<void> {
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.picture(`${what} ${theme}`);
  }
}

test('a question at the end of a turn is answered with text in the window', async () => {
  await start('Choose the way', 'CURIOUS');
  const asked = window.notification(/#1 Choose the way has a question: Shall I take the short one\?/);
  const link = asked.getByRole('button', { name: 'Answer', exact: true });
  await link.waitFor();
  await window.runCommand('SystemPrompt Tasks: Open Approvals');
  await card(/Choose the way/).waitFor();
  await until('the inbox has the focus', () =>
    window
      .webview()
      .locator('body')
      .evaluate((body) => body.ownerDocument.hasFocus()),
  );
  await pictures('a question');
  await link.click();
  await window.step('the answer', () => window.quickInput.getByText('The agent continues with your answer.').waitFor());
  await window.answer(' ');
  await window.quickInput.getByText('A question needs an answer.').waitFor();
  await window.answer('The short one, please.');
  await card(/Choose the way/).waitFor({ state: 'detached' });
  await until('the session goes on with it', async () => (await log('1')).includes('Heard "The short one, please.".'));
  const [approval] = (await task('1')).approvals;
  assert.deepEqual([approval?.status, approval?.notes], ['approved', 'The short one, please.']);
});

test('a form of an agent is completed on its card, with messages for invalid values', async () => {
  await start('Ask by a form', 'CURIOUS', '--description', 'Use a form.');
  await card(/Ask by a form/).waitFor();
  await pictures('a form');
  const form = card(/Ask by a form/);
  await form.getByRole('combobox', { name: 'database' }).selectOption('sqlite');
  await form.getByRole('textbox', { name: 'How many (optional)' }).fill('many');
  await form.getByRole('button', { name: 'Answer', exact: true }).click();
  await window.step('an invalid value', () => form.getByText(/must be a whole number/).waitFor());
  await form.getByRole('textbox', { name: 'How many (optional)' }).fill('2');
  await form.getByRole('textbox', { name: 'How many (optional)' }).press('Enter');
  await card(/Ask by a form/).waitFor({ state: 'detached' });
  await until('the agent has it', async () => (await log('2')).includes('"content":{"database":"sqlite","copies":2}'));
});

test('a task at its limit resumes when the limit is raised from the notification', async () => {
  const way = 'way: cost short: 3 as: money';
  await start('Spend', 'BUDGETED', '--description', way, '--budget-cost', '0.03');
  await window.row(/Task 3, Spend, Paused/).waitFor();
  const told = await noted(/Task #3 Spend reached its cost limit\./);
  for (const theme of themes) {
    await window.setTheme(theme);
    await noted(/#3 Spend/);
    await window.picture(`limit used up ${theme}`);
  }
  await told.getByRole('button', { name: 'Raise the Limit…' }).click();
  await window.quickInput.getByText(/New total limit/).waitFor();
  await window.answer('0.01');
  await window.step('too little', () => window.quickInput.getByText(/Enter more than/).waitFor());
  await window.answer('0.5');
  await window.step('it goes on', () => window.row(/Task 3, Spend, In Progress/).waitFor());
  assert.equal((await task('3')).constraints.max_cost_usd, 0.5);
});

test('the notification opens the log of the task', async () => {
  await start('Spend again', 'BUDGETED', '--description', 'way: cost short: 3 as: again', '--budget-cost', '0.03');
  await window.row(/Task 4, Spend again, Paused/).waitFor();
  const told = await noted(/Task #4 Spend again reached its cost limit\./);
  await told.getByRole('button', { name: 'Show Log' }).click();
  await window.step('its log', () =>
    until('the log says why', async () => (await window.visibleText('panel')).includes('was reached: $0.03')),
  );
});
