import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { must, root } from '../../scripts/process.ts';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { appears, type Window } from '../support/window.ts';
import { TestWorkbench } from '../support/workbench.ts';

// The view where there is no task to run: in a window without a folder, one with several, one that is not trusted.

let base: string;
let trusting: TestWorkbench;
let careful: TestWorkbench;

before(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'windows-'));
  await makeRepository(path.join(base, 'tally'));
  await mkdir(path.join(base, 'notes'));
  await cli('tally', 'create', 'Run the unit tests', '--assigned-to', 'SHELL', '--instructions', 'true');
  const common = { settings: { 'security.workspace.trust.banner': 'never' } };
  trusting = await TestWorkbench.start({ gallery: 'windows', ...common });
  careful = await TestWorkbench.start({ gallery: 'restricted', trust: 'on', ...common });
});

after(async () => {
  await trusting?.close();
  await careful?.close();
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
});

async function cli(folder: string, ...args: string[]): Promise<void> {
  const where = ['-C', path.join(base, folder)];
  await must(process.execPath, [path.join(root, 'dist', 'cli.cjs'), 'task', ...args, ...where], { output: 'hide' });
}

/** A window on something else than a folder. */
async function open(query: string): Promise<Window> {
  const window = await trusting.open(path.join(base, 'notes'));
  await window.page.goto(new URL(`/?${query}`, window.page.url()).toString());
  await window.waitUntilLive();
  return window;
}

/** Trusts what the window shows, as a person does in the editor for it. */
async function trust(window: Window): Promise<void> {
  await window.runCommand('Workspaces: Manage Workspace Trust');
  await window.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await window.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
  await window.page
    .getByRole('button', { name: /^Close/ })
    .last()
    .click();
}

test('a window without a folder offers to open one', async () => {
  const window = await open('ew=true');
  await window.openContainer(/SystemPrompt/);
  await window.step('no folder', () => window.page.getByRole('button', { name: 'Open Folder' }).first().waitFor());
  await window.close();
});

test('an untrusted folder shows its tasks without run actions until it is trusted', async () => {
  const gated = ['--assigned-to', 'SHELL', '--instructions', 'true', '--requires-approval', '--start'];
  await cli('tally', 'create', 'Publish', ...gated);
  const window = await careful.open(path.join(base, 'tally'));
  await window.openContainer(/SystemPrompt/);
  const row = window.row(/Task 1, Run the unit tests, Pending/);
  await window.step('restricted', async () => {
    await row.waitFor();
    await window.page.getByText('Restricted Mode: you can read tasks, but nothing runs.').waitFor();
  });
  await row.hover();
  await row.getByRole('button', { name: 'Start', disabled: true }).waitFor();
  const gate = window
    .webview()
    .getByRole('listitem')
    .filter({ hasText: /Publish/ });
  await gate.getByRole('button', { name: 'Approve', exact: true, disabled: true }).waitFor();
  await gate.getByRole('button', { name: 'Reject…' }).waitFor();
  await window.webview().getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
  await window.step('trusting', () => trust(window));
  await window.page.getByText('Restricted Mode: you can read tasks').waitFor({ state: 'detached' });
  await gate.getByRole('button', { name: 'Approve', exact: true, disabled: false }).waitFor();
  await window.pressOnRow(/Task 1, Run the unit tests/, 'Start');
  await window.step('trusted', () => window.row(/^Completed/).waitFor());
  await cli('tally', 'delete', 'Publish');
  await window.close();
});

test('an empty untrusted folder offers to trust it', async () => {
  const window = await careful.open(path.join(base, 'notes'));
  await window.openContainer(/SystemPrompt/);
  const manage = window.page.locator('.part.sidebar').getByRole('button', { name: 'Manage Workspace Trust' });
  await window.step('restricted and empty', () => manage.waitFor());
  await window.close();
});

test('several folders have separate rows and can be added and removed', async () => {
  const file = path.join(base, 'both.code-workspace');
  const write = (settings: Record<string, unknown>): Promise<void> =>
    writeFile(file, JSON.stringify({ folders: [{ path: 'tally' }, { path: 'notes' }], settings }));
  await write({});
  const window = await open(`workspace=${encodeURIComponent(file)}`);
  await window.openContainer(/SystemPrompt/);
  // In a busy window the editor reads the file before it is connected, and has no folder until the file changes.
  for (let attempt = 1; !(await appears(window.row('tally'))); attempt += 1) {
    await window.page.getByRole('button', { name: 'Open Folder' }).first().waitFor();
    assert.ok(attempt < 3, 'the editor shows no folder of the workspace');
    await write({ 'editor.tabSize': attempt });
  }
  await window.step('several folders', async () => {
    await window.row('tally').waitFor();
    await window.row(/notes/).waitFor();
    await window.row(/^(Completed|Pending), 1 task/).waitFor();
  });
  await cli('notes', 'create', 'Sort the notes', '--assigned-to', 'SHELL', '--instructions', 'true');
  await window.step('a second store', () => window.row(/Task 1, Sort the notes, Pending/).waitFor());
  await window.runCommand('Workspaces: Remove Folder from Workspace...');
  await window.pick(/notes/);
  await window.row(/Sort the notes/).waitFor({ state: 'detached' });
  await window.close();
});
