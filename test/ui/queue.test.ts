import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('queue');
  window = await desk.open();
});

after(() => desk?.close());

const cli = (...args: string[]): Promise<string> => desk.cli(...args);

async function make(title: string, ...more: string[]): Promise<void> {
  await cli('task', 'create', title, '--assigned-to', 'SHELL', ...more);
}

const button = (name: RegExp) => window.page.locator('.part.sidebar').getByRole('button', { name }).first();
const statusItem = (text: RegExp) => window.page.locator('.statusbar-item').filter({ hasText: text });

test('the queue is started from the view title and runs every ready task', async () => {
  await make('Wait for the word', '--instructions', 'while [ ! -f go ]; do sleep 0.1; done', '--isolation', 'none');
  await make('Then this', '--instructions', 'true', '--depends-on', '1');
  await make('Ask first', '--instructions', 'true', '--requires-approval');
  await window.row(/Task 3, Ask first, Pending/).waitFor();
  // The buttons of a view's title are there while the view has the pointer or the focus.
  await window.row(/Task 1, Wait for the word/).click();
  await button(/Play Queue/).click();
  await window.step('playing', async () => {
    await window.row(/Task 1, Wait for the word, In Progress/).waitFor();
    await window.row(/Task 3 asks: Start "Ask first"/).waitFor();
    await statusItem(/1 task running, queue playing, 1 needs you/).waitFor();
    await button(/Pause Queue/).waitFor();
  });
  await window.pressOnRow(/Task 3 asks/, 'Approve');
  for (const theme of ['light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(`playing ${theme}`);
  }
  await cli('task', 'create', 'Go', '--assigned-to', 'SHELL', '--isolation', 'none', '--instructions', 'touch go');
  await window.step('all done', () => window.row(/^Completed, 4 tasks/).waitFor());
});

test('a pause on the command line shows in the window, and the reverse', async () => {
  await cli('queue', 'pause');
  await window.row(/^Completed, 4 tasks/).click();
  await window.step('paused', async () => {
    await button(/Play Queue/).waitFor();
    await statusItem(/queue playing/).waitFor({ state: 'hidden' });
  });
  await make('Stay', '--instructions', 'true');
  await window.row(/Task 5, Stay, Pending/).waitFor();
  await cli('queue', 'play');
  await window.row(/^Completed, 5 tasks/).waitFor();
  await button(/Pause Queue/).click();
  await button(/Play Queue/).waitFor();
});
