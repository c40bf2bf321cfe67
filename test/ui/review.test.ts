import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// A person looks at what a task has changed, and takes it over.

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('review');
  const script = "echo '# Changes' > CHANGES.md; echo '// The end.' >> src/words.js";
  await desk.cli('task', 'create', 'Write the changes', '--assigned-to', 'SHELL', '--instructions', script);
  await desk.cli('task', 'start', '1', '--wait');
  window = await desk.open();
});

after(() => desk?.close());

test('the button of a row shows the changes of a completed task as one diff', async () => {
  await window.step('row', () => window.row(/Task 1, Write the changes, Completed.*changes to review/).waitFor());
  await window.pressOnRow(/Task 1, Write the changes/, 'Review Changes');
  await window.step('changes', () =>
    until('both files are drawn', async () => {
      const text = await window.visibleText('editor');
      return text.includes('# Changes') && text.includes('// The end.');
    }),
  );
});

test('changes are merged in the selected way', async () => {
  await window.row(/Task 1, Write the changes/).click({ button: 'right' });
  await window.step('menu', () => window.page.getByRole('menuitem', { name: 'Merge…' }).waitFor());
  await window.page.getByRole('menuitem', { name: 'Merge…' }).click();
  await window.step('forms', () => window.quickInput.getByRole('option', { name: /Squash/ }).waitFor());
  await window.pick(/Squash/);
  await window.step('merged', () => window.notification(/Merged task #1: 2 files/).waitFor());
  assert.ok(existsSync(path.join(desk.folder, 'CHANGES.md')));
});
