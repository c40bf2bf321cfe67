import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { root } from '../../scripts/process.ts';
import { newTaskRecord } from '../../src/core/task/create.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { openHost } from '../../src/host.ts';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// The approvals page, as a person with a mouse or a keyboard uses it. One window; each test goes on where the one before
// stopped.

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('approvals');
  await desk.haveAgents({ CAREFUL: { fake: 'careful', title: 'Careful agent' } });
  window = await desk.open({ 'systemprompt.notifyApprovals': false });
});

after(() => desk?.close());

const cli = (...args: string[]): Promise<string> => desk.cli(...args);

async function task(number: string): Promise<{ status: string; approvals: { status: string; notes?: string }[] }> {
  return JSON.parse(await cli('task', 'show', number, '--json'));
}

const card = (name: RegExp): Locator => window.webview().getByRole('listitem').filter({ hasText: name });
const press = (name: RegExp, button: string | RegExp): Promise<void> =>
  card(name).getByRole('button', { name: button }).click();
/** Whether the keys go to an element: the frame that it is in has to have them, too. */
const hasFocus = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => node.matches(':focus') && node.ownerDocument.hasFocus());
async function focus(element: Locator): Promise<void> {
  await element.focus();
  await until('it has the focus', () => hasFocus(element));
}
const gated = (title: string, instructions: string): Promise<string> =>
  cli(
    'task',
    'create',
    title,
    '--assigned-to',
    'SHELL',
    '--instructions',
    instructions,
    '--requires-approval',
    '--start',
  );

test('an empty approvals page shows a message', async () => {
  await window.runCommand('SystemPrompt Tasks: Open Approvals');
  await window.step('empty', () => window.webview().getByText('No pending requests.').waitFor());
});

test('requests of all tasks are cards with their effect', async () => {
  await gated('Tag the release', 'git tag v1.0.0\ngit push --tags');
  await cli('task', 'create', 'Raise the limit', '--assigned-to', 'CAREFUL', '--description', 'Too short.', '--start');
  await gated('<img src=x onerror=alert(1)>', 'echo "</pre><script>document.body.remove()</script>\u202eevil"');
  await card(/#1 Tag the release/).waitFor();
  await card(/#2 Raise the limit/).waitFor();
  await card(/#3/).waitFor();
  const gate = await card(/#1 Tag/)
    .locator('pre.text')
    .textContent();
  assert.equal(gate, 'git tag v1.0.0\ngit push --tags');
  const diff = card(/#2 Raise/).locator('.diff');
  await diff.locator('.removed').first().waitFor();
  await diff.locator('.added').first().waitFor();
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(`cards ${theme}`);
    await window.resizeSidebar(900);
    await window.picture(`cards wide ${theme}`);
    await window.resizeSidebar(300);
  }
});

test('every focusable element has a label that names its request', async () => {
  const page = window.webview();
  const gate = page.getByRole('listitem', { name: '#1 Tag the release Start "Tag the release"', exact: true });
  await gate.getByRole('group', { name: 'Start "Tag the release"', exact: true }).waitFor();
  await gate
    .getByRole('group', { name: '#1 Tag the release Start "Tag the release"', exact: true })
    .getByRole('button', { name: 'Approve', exact: true })
    .waitFor();
  await gate.getByRole('checkbox', { name: 'Select: #1 Tag the release: Start "Tag the release"' }).waitFor();
  await card(/#2 Raise/)
    .getByRole('group', { name: 'src/words.js', exact: true })
    .waitFor();
  assert.match(await gate.ariaSnapshot(), /SHELL · before it starts/);
  // Chromium's own view of the page, which is what screen readers are given.
  const focusable = await page.locator('[tabindex="0"], button, input, summary, textarea').all();
  for (const element of focusable) {
    // What is folded away cannot have the focus.
    if (!(await element.evaluate((node) => node.checkVisibility({ contentVisibilityAuto: true })))) continue;
    const [, name] = /^- '?[\w/]+ "((?:[^"\\]|\\.)+)"/.exec(await element.ariaSnapshot()) ?? [];
    const html = await element.evaluate((node) => node.outerHTML.slice(0, 120));
    assert.ok(name !== undefined || html.startsWith('<summary'), html);
  }
  for (const [role, count] of Object.entries({ status: 2, list: 1 })) {
    assert.equal(await page.locator(`main > [role=${role}]`).count(), count, role);
  }
  await page
    .getByRole('status')
    .filter({ hasText: /^3 pending$/ })
    .waitFor({ state: 'attached' });
});

test('text of an agent or a task is rendered as plain text', async () => {
  const hostile = card(/<img src=x onerror=alert\(1\)>/);
  await hostile.waitFor();
  assert.equal(await window.webview().locator('img').count(), 0);
  const shown = await hostile.locator('pre.text').textContent();
  assert.ok(shown?.includes('</pre><script>') && shown.includes('\\u{202e}evil'), shown ?? 'nothing');
});

test('the last lines of the log are shown on demand', async () => {
  await card(/#2 Raise/)
    .getByText('Latest log lines')
    .click();
  await window.step('context', () =>
    card(/#2 Raise/)
      .locator('.log', { hasText: 'Started with CAREFUL' })
      .waitFor(),
  );
  await card(/#2 Raise/)
    .getByText('Latest log lines')
    .click();
});

test('the keyboard moves between cards and to the buttons, and the focus stays in the list', async () => {
  await focus(card(/#1 Tag/));
  await window.page.keyboard.press('ArrowDown');
  await window.page.keyboard.press('ArrowUp');
  await until('the card has the focus', () => hasFocus(card(/#1 Tag/)));
  await focus(card(/#1 Tag/).getByRole('button', { name: 'Approve', exact: true }));
  await window.page.keyboard.press('Enter');
  await card(/#1 Tag/).waitFor({ state: 'detached' });
  await until('the next card has the focus', () => hasFocus(window.webview().locator('li.card').first()));
  await until('it runs', async () => (await task('1')).status !== 'paused');
  await window.step('approved by keyboard', () => window.webview().getByText('Approved for #1.').waitFor());
});

test('a reason for a rejection survives closing the view', async () => {
  await press(/#3/, 'Reject…');
  await card(/#3/).getByRole('textbox').fill('not like that');
  await window.openContainer(/Explorer/);
  await window.openContainer(/SystemPrompt/);
  await window.step('reason kept', async () => {
    await until(
      'the reason is there',
      async () => (await card(/#3/).getByRole('textbox').inputValue()) === 'not like that',
    );
  });
  await card(/#3/).getByRole('button', { name: 'Reject', exact: true }).click();
  await card(/#3/).waitFor({ state: 'detached' });
  assert.equal((await task('3')).approvals[0]?.notes, 'not like that');
});

test('always allowing shows the rule first', async () => {
  await press(/#2 Raise/, 'Always Allow…');
  await window.step('rule', async () => {
    await card(/#2 Raise/)
      .getByRole('button', { name: 'Save Rule and Approve' })
      .waitFor();
  });
  await press(/#2 Raise/, 'Save Rule and Approve');
  await until('the rule is written', async () => {
    const rules = JSON.parse(await cli('task', 'show', '2', '--json')).approvals.map(
      (each: { rule?: string }) => each.rule,
    );
    return typeof rules[0] === 'string';
  });
});

test('several requests are decided at once, and one decided elsewhere disappears', async () => {
  for (const title of ['one', 'two', 'three']) await gated(title, 'true');
  for (const title of ['one', 'two', 'three'])
    await card(new RegExp(` ${title}`))
      .first()
      .waitFor();
  await cli('task', 'approve', 'two');
  await card(/#5 two/).waitFor({ state: 'detached' });
  for (const name of [/#4 one/, /#6 three/]) await card(name).getByRole('checkbox').check();
  await window.step('selected', () => window.webview().getByRole('button', { name: 'Approve 2' }).waitFor());
  await window.webview().getByRole('button', { name: 'Approve 2' }).click();
  for (const name of [/#4 one/, /#6 three/]) await card(name).waitFor({ state: 'detached' });
  await window.webview().getByText('2 requests approved.').waitFor();
});

test('a card whose task would start something else is replaced', async () => {
  await gated('Sweep', 'echo before');
  await card(/Sweep/).locator('pre.text', { hasText: 'echo before' }).waitFor();
  await cli('task', 'update', 'Sweep', '--instructions', 'echo after');
  await window.step('changed while it waits', () =>
    card(/Sweep/).locator('pre.text', { hasText: 'echo after' }).waitFor(),
  );
  assert.equal(await card(/Sweep/).count(), 1);
  await cli('task', 'update', 'Sweep', '--title', 'Sweep the yard');
  await card(/Sweep the yard/).waitFor();
});

test('the key R on a card opens the reason, and Ctrl+Enter approves', async () => {
  await card(/Sweep the yard/).focus();
  await window.page.keyboard.press('r');
  const reason = card(/Sweep the yard/).getByRole('textbox');
  await until('the reason has the focus', () => reason.evaluate((element) => element.matches(':focus')));
  await window.page.keyboard.type('are you sure');
  await window.page.keyboard.press('Escape');
  await card(/Sweep the yard/).focus();
  await window.page.keyboard.press('Control+Enter');
  await card(/Sweep the yard/).waitFor({ state: 'detached' });
  assert.equal((await task('Sweep the yard')).approvals[0]?.status, 'approved');
});

test('the focus stays on the page after another process decides the last request', async () => {
  await cli('task', 'cancel', '2');
  await window.webview().getByText('No pending requests.').waitFor();
  await gated('Last', 'true');
  await card(/Last/).focus();
  await cli('task', 'reject', 'Last');
  await card(/Last/).waitFor({ state: 'detached' });
  await window.step('nothing left', () =>
    until('the empty page has the focus', () =>
      window
        .webview()
        .getByText('No pending requests.')
        .evaluate((element) => element.matches(':focus')),
    ),
  );
});

test('the first of very many requests are cards, the rest is counted and moves up', async () => {
  const workerCommand = { command: process.execPath, args: [path.join(root, 'dist', 'cli.cjs')] };
  const host = await openHost({ folder: desk.folder, trusted: () => true, workerCommand });
  try {
    await host.store.transact('many', (draft) => {
      for (let n = 0; n < 500; n += 1) {
        const params = { title: `Many ${n}`, tool: 'SHELL', instructions: 'true', requiresApproval: true };
        const record = newTaskRecord(params, draft.at);
        draft.create(record);
        draft.patch(record.id, requestStart(draft.require(record.id), draft.at));
      }
    });
  } finally {
    await host.close();
  }
  await window.webview().getByText('400 more are pending').waitFor({ timeout: 60_000 });
  assert.equal(await window.webview().locator('li.card').count(), 100);
  await window.webview().getByLabel('Select All').check();
  await window.step('very many', () => window.webview().getByRole('button', { name: 'Reject 100…' }).waitFor());
  await window.webview().getByRole('button', { name: 'Reject 100…' }).click();
  await window.webview().getByRole('button', { name: 'Reject 100', exact: true }).click();
  await window.webview().getByText('100 requests rejected.').waitFor({ timeout: 60_000 });
  await window.webview().getByText('300 more are pending').waitFor({ timeout: 60_000 });
});
