import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// A person comments on lines of a result; the agent gets all comments in its session and changes the result.

const themes = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('review-comments');
  await desk.haveAgents({ PROPOSING: { fake: 'proposing', title: 'Proposing agent' } });
  await desk.cli('task', 'create', 'Please finish the list', '--assigned-to', 'PROPOSING');
  await desk.cli('task', 'start', '1');
  await until('the turn has ended', async () => (await task()).status === 'completed_active');
  await desk.cli('task', 'complete', '1');
  await until('the session is closed', async () => (await task()).lease === undefined);
  window = await desk.open();
});

after(() => desk?.close());

interface Shown {
  readonly status: string;
  readonly lease?: unknown;
  readonly workspace?: { readonly path: string };
}

const task = async (): Promise<Shown> => JSON.parse(await desk.cli('task', 'show', '1', '--json'));
const titleButton = (name: RegExp): Locator => window.page.locator('.part.editor .title').getByRole('button', { name });
const comment = (text: string): Locator =>
  window.page.locator('.review-widget .comment-body').filter({ hasText: text });

async function prompts(): Promise<{ session: string; text: string }[]> {
  const { workspace } = await task();
  const text = await readFile(path.join(desk.folder, workspace?.path ?? '', 'prompts'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function showChanges(): Promise<void> {
  await window.pressOnRow(/Task 1, Please finish the list/, 'Review Changes');
  await until('the file is drawn', async () => (await window.visibleText('editor')).includes('"session"'));
}

test('the title of the diff has the actions for the result', async () => {
  await showChanges();
  for (const name of [/Merge/, /Request Changes/, /Follow Up/, /Discard/]) {
    await window.step(`title ${name.source}`, () => titleButton(name).waitFor());
  }
  assert.equal(await titleButton(/Send Comments/).count(), 0);
});

test('a comment on a line waits in the workspace, also across a reload', async () => {
  await window.page.locator('.part.editor .view-line').filter({ hasText: '"session"' }).first().hover();
  await window.page.locator('.comment-range-glyph.line-hover').first().click();
  const box = window.page.locator('.review-widget .comment-form');
  await window.step('box', () => box.waitFor());
  await window.page.keyboard.type('Sort the list.');
  await window.step('typed', async () => {
    await window.page.getByRole('button', { name: 'Add Comment' }).click();
    await comment('Sort the list.').waitFor();
  });
  await window.step('offered', () => titleButton(/Send Comments/).waitFor());
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.picture(`comment ${theme}`);
  }
  await window.setTheme('dark');
  await window.page.reload();
  await window.waitUntilLive();
  await window.step('restored', () => comment('Sort the list.').waitFor());
});

test('the agent gets all comments in the same session', async () => {
  await window.step('send', () => titleButton(/Send Comments/).click());
  await until('the agent has the comments', async () => (await prompts()).length === 2);
  const [first, second] = await prompts();
  assert.match(second?.text ?? '', /left a comment.*\n\nprompts:1\n> .*\nSort the list\.$/s);
  assert.equal(second?.session, first?.session);
  await window.step('sent', () => comment('Sort the list.').waitFor({ state: 'detached' }));
});

test('a request for changes sends the reason', async () => {
  await until('the result is back', async () => (await task()).status === 'completed_active');
  await window.step('request', () => titleButton(/Request Changes/).click());
  await window.answer('Use fewer words');
  await until('the agent has the reason', async () => (await prompts()).length === 3);
  assert.match((await prompts()).at(-1)?.text ?? '', /requests changes:\n\nUse fewer words$/);
  assert.equal(new Set((await prompts()).map(({ session }) => session)).size, 1);
});
