import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { must, root } from '../../scripts/process.ts';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';
import { TestWorkbench } from '../support/workbench.ts';

// A person looks at what a task has changed, and takes it over.

let base: string;
let folder: string;
let workbench: TestWorkbench;
let window: Window;

before(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'review-'));
  folder = path.join(base, 'tally');
  await makeRepository(folder);
  const script = "echo '# Changes' > CHANGES.md; echo '// The end.' >> src/words.js";
  await cli('create', 'Write the changes', '--assigned-to', 'SHELL', '--instructions', script);
  await cli('start', '1', '--wait');
  workbench = await TestWorkbench.start({ gallery: 'review' });
  window = await workbench.open(folder);
  await window.openContainer(/SystemPrompt/);
});

after(async () => {
  await workbench?.close();
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
});

async function cli(...args: string[]): Promise<void> {
  const where = ['-C', folder];
  await must(process.execPath, [path.join(root, 'dist', 'cli.js'), 'task', ...args, ...where], { output: 'hide' });
}

test('the changes of a completed task are one diff, from the button of its row', async () => {
  await window.openGroup(/^Completed/);
  await window.step('row', () => window.row(/Task 1, Write the changes, Completed.*changes to review/).waitFor());
  await window.pressOnRow(/Task 1, Write the changes/, 'Review Changes');
  await window.step('changes', () =>
    until('both files are drawn', async () => {
      const text = await window.visibleText('editor');
      return text.includes('# Changes') && text.includes('// The end.');
    }),
  );
});

test('they are merged in the way that is picked', async () => {
  await window.row(/Task 1, Write the changes/).click({ button: 'right' });
  await window.step('menu', () => window.page.getByRole('menuitem', { name: 'Merge…' }).waitFor());
  await window.page.getByRole('menuitem', { name: 'Merge…' }).click();
  await window.step('forms', () => window.quickInput.getByRole('option', { name: /Squash/ }).waitFor());
  await window.pick(/Squash/);
  await window.step('merged', () => window.notification(/#1 is merged: 2 files/).waitFor());
  assert.ok(existsSync(path.join(folder, 'CHANGES.md')));
});
