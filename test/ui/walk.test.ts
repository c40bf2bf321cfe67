import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// A person's walk through the extension, in the order they would take it. One window; each test goes on where the one
// before stopped.

let desk: Desk;
/** The first task waits for this file, so that it runs for as long as it is looked at. */
let allowed: string;
let window: Window;

before(async () => {
  desk = await Desk.make('walk');
  allowed = path.join(desk.base, 'allowed');
  await desk.haveAgents({ CAREFUL: { fake: 'careful', title: 'Careful agent' } });
  window = await desk.open();
});

after(() => desk?.close());

const cli = (...args: string[]): Promise<string> => desk.cli(...args);

/** Waits for a question of the dialogue: the box is the same one for all of them. */
async function asked(question: string | RegExp): Promise<void> {
  await window.quickInput.getByText(question).first().waitFor();
}

test('an empty view offers a first task', async () => {
  await window.step('welcome', async () => {
    // The buttons in the title of a view are there while the pointer is over the view.
    await window.page.locator('.part.sidebar').getByRole('button', { name: 'New Task' }).first().hover();
    // A new window takes a moment to know that it is trusted.
    await window.page.getByRole('button', { name: 'New Task…', disabled: false }).waitFor();
  });
});

test('a task is created in the form: title, agent, script', async () => {
  await window.runCommand('SystemPrompt Tasks: New Task…');
  const form = window.webview(-1);
  const title = form.getByRole('textbox', { name: 'Title' });
  await title.waitFor();
  await until('the title has the focus', () => title.evaluate((field) => field.ownerDocument.activeElement === field));
  await title.fill('Count to two');
  await form.getByRole('button', { name: /^Edit Agent/ }).click();
  await window.step('new task agent', async () => {
    await window.quickInput.getByRole('option', { name: /Shell script/ }).waitFor();
    await window.quickInput.getByRole('option', { name: /Careful agent/ }).waitFor();
  });
  await window.pick(/Shell script/);
  const script = form.getByRole('textbox', { name: 'Shell script to run in the folder' });
  await script.fill('cat ');
  await script.pressSequentially('@READ');
  await window.step('a mention', () => form.getByRole('option', { name: 'README.md' }).waitFor());
  await script.press('Enter');
  await until('the file is named', async () => (await script.inputValue()) === 'cat @README.md ');
  await script.fill(`for i in 1 2; do echo "this is line $i"; until [ -f '${allowed}' ]; do sleep 0.1; done; done`);
  await form.getByText('More…').click();
  await form.getByRole('textbox', { name: 'Description' }).fill('Prints one line, and another when it may.');
  await window.step('new task form', () => form.getByRole('button', { name: 'Edit Priority: medium' }).waitFor());
  assert.equal(existsSync(path.join(desk.folder, '.systemprompt')), false, 'a form writes nothing');
  await title.press('Enter');
  await form.getByRole('heading', { name: '#1 Count to two' }).waitFor();
});

test('a task runs with a live log, and its row moves through the groups', async () => {
  await window.step('running', () => window.row(/Task 1, Count to two, In Progress/).waitFor());
  await window.pressOnRow(/Task 1, Count to two/, 'Show Log');
  await window.step('live log', () =>
    until('the log shows the first line', async () => (await window.visibleText('panel')).includes('this is line 1')),
  );
  await writeFile(allowed, '');
  await window.openGroup(/^Completed/);
  await window.step('completed', () => window.row(/Task 1, Count to two, Completed/).waitFor());
  await until('the log shows the last line', async () =>
    (await window.visibleText('panel')).includes('this is line 2'),
  );
  await window.page.getByRole('button', { name: /Hide Panel/ }).click();
});

test('a gated task is approved with the button of its row', async () => {
  await cli(
    'task',
    'create',
    'Tag the release',
    '--assigned-to',
    'SHELL',
    '--instructions',
    'echo tagged',
    '--requires-approval',
  );
  await window.row(/Task 2, Tag the release, Pending/).waitFor();
  await window.pressOnRow(/Task 2, Tag the release/, 'Start');
  await window.step('gate', async () => {
    await window.row(/Task 2 asks: Start "Tag the release"/).waitFor();
    await window.notification(/#2 Tag the release asks/).waitFor();
    await window.page.getByRole('tab', { name: /SystemPrompt.*1 task needs you/ }).waitFor();
  });
  await window.pressOnRow(/Task 2 asks/, 'Approve');
  await window.step('approved', async () => {
    await window.row(/Task 2, Tag the release, Completed/).waitFor();
    await window.notification(/#2 Tag the release asks/).waitFor({ state: 'hidden' });
  });
});

test('a change of an agent is shown as a diff and approved from the notification', async () => {
  await cli('task', 'create', 'Raise the limit', '--assigned-to', 'CAREFUL', '--description', 'The list is too short.');
  await window.row(/Task 3, Raise the limit, Pending/).waitFor();
  await window.pressOnRow(/Task 3, Raise the limit/, 'Start');
  const request = window.row(/Task 3 asks: .*Edit src\/words\.js/);
  await window.step('tool request', () => request.waitFor());
  await window.step('diff', async () => {
    await request.click();
    await until('the diff is drawn', async () => (await window.visibleText('editor')).includes('const limit = 20;'));
  });
  const notice = window.notification(/#3 Raise the limit asks/);
  await notice.getByRole('link', { name: 'Approve', exact: true }).click();
  await request.waitFor({ state: 'detached' });
});

test('a decision on the command line closes the notification', async () => {
  const request = window.row(/Task 3 asks: .*Run the tests/);
  await request.waitFor();
  await window.step('command', async () => {
    await request.click();
    await until('the command is shown', async () =>
      (await window.visibleText('editor')).includes('npm test -- --watch=false'),
    );
  });
  await cli('task', 'approve', '3');
  await window.step('decided elsewhere', async () => {
    await request.waitFor({ state: 'detached' });
    await window.notification(/#3 Raise the limit asks/).waitFor({ state: 'hidden' });
    await window.page.getByRole('tab', { name: /Request 2 of #3/ }).waitFor({ state: 'detached' });
    await window.row(/Task 3, Raise the limit, Session Open/).waitFor();
  });
});

test('a follow-up continues the open session, and the task is completed manually', async () => {
  await window.pressOnRow(/Task 3, Raise the limit/, 'Follow Up');
  await asked(/Next prompt for the agent/);
  await window.step('follow up', () => window.answer('Now add a test for it', { accept: false }));
  await window.page.keyboard.press('Enter');
  const count = async (): Promise<number> =>
    (
      JSON.parse(await cli('task', 'show', '3', '--json')) as {
        usage?: { iterations?: number };
        follow_ups: { taken_at?: string }[];
      }
    ).follow_ups.filter(({ taken_at }) => taken_at !== undefined).length;
  await until('the session takes it', async () => (await count()) === 1);
  await window.row(/Task 3, Raise the limit, Session Open/).waitFor();
  await window.pressOnRow(/Task 3, Raise the limit/, 'Complete');
  await window.step('session closed', () => window.row(/Task 3, Raise the limit, Completed/).waitFor());
});

test('deleting asks for confirmation and lists the lost work', async () => {
  await window.select(/Task 2, Tag the release/);
  await window.page.keyboard.press('Delete');
  await window.step('delete', () => window.dialog(/Delete task #2 "Tag the release"\?/).waitFor());
  await window.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await window.row(/Task 2, Tag the release/).waitFor({ state: 'detached' });
});

test('the tree is displayed in every kind of theme', async () => {
  for (const args of [
    ['Run the unit tests', '--assigned-to', 'SHELL', '--priority', 'high', '--instructions', 'true'],
    ['Publish', '--assigned-to', 'SHELL', '--instructions', 'true', '--depends-on', '4'],
    ['Check that the release is tagged', '--assigned-to', 'SHELL', '--instructions', 'echo no tag >&2; exit 1'],
    ['Measure the speed', '--assigned-to', 'SHELL', '--instructions', 'sleep 120'],
    ['Clean up', '--assigned-to', 'SHELL', '--instructions', 'rm -rf build', '--requires-approval'],
  ]) {
    await cli('task', 'create', ...args);
  }
  await cli('task', 'start', '6', '7', '8');
  await window.row(/Task 6, .*Failed/).waitFor();
  await window.row(/Task 7, .*In Progress/).waitFor();
  await window.row(/Task 8 asks/).waitFor();
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(`tree ${theme}`);
  }
  await cli('task', 'cancel', '7', '8');
  await window.step('cancelled', () => window.row(/^Cancelled, 2 tasks/).waitFor());
});
