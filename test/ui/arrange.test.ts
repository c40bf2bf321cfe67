import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('arrange');
  const make = (title: string, ...more: string[]): Promise<string> =>
    desk.cli('task', 'create', title, '--assigned-to', 'SHELL', ...more);
  await make('Release 2.0', '--group', '--project', 'web');
  await make('Write the notes', '--parent-task', '1', '--project', 'web', '--label', 'docs');
  await make('Publish the packages', '--parent-task', '1', '--depends-on', '2', '--label', 'api', '--priority', 'high');
  await make('Check the links', '--instructions', 'exit 3', '--isolation', 'none', '--start', '--label', 'docs');
  await make('Tag the release', '--requires-approval', '--instructions', 'true', '--isolation', 'none', '--start');
  await desk.cli('task', 'complete', '2');
  window = await desk.open();
});

after(() => desk?.close());

test('tasks that need the person are on top, and the status bar counts them', async () => {
  await window.step('needs you', async () => {
    await window.row(/^Needs You, 2 tasks/).waitFor();
    await window.row(/Task 4, Check the links, Failed/).waitFor();
    await window.page.locator('.statusbar-item').filter({ hasText: '2 need you' }).waitFor();
  });
});

test('a project shows a group with the progress of its parts', async () => {
  await window.runCommand('SystemPrompt Tasks: Group By…');
  await window.pick(/Project and Parent/);
  await window.step('by project', () => window.row(/Release 2\.0, In Progress, group, 1 of 2 done/).waitFor());
  await window.resizeSidebar(300);
  for (const theme of ['light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(`by project ${theme}`);
  }
});

test('a filter leaves the matching tasks and can be removed', async () => {
  await window.runCommand('SystemPrompt Tasks: Filter Tasks…');
  await window.answer('label:docs is:failed');
  await window.step('filtered', async () => {
    await window.row(/Release 2\.0/).waitFor({ state: 'hidden' });
    await window
      .row(/Task 4, Check the links/)
      .first()
      .waitFor();
  });
  await window.runCommand('SystemPrompt Tasks: Clear Filter');
  await window.row(/Release 2\.0/).waitFor();
});
