import { after, before, test } from 'node:test';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('row-actions');
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

test('a command of the palette applies to the selected row', async () => {
  await window.row(/Task 4, Check the links/).click();
  await window.runCommand('SystemPrompt Tasks: Duplicate');
  await window.row(/Task 6, Check the links, Pending/).waitFor();
  await desk.cli(
    'task',
    'create',
    'Wait',
    '--assigned-to',
    'SHELL',
    '--isolation',
    'none',
    '--start',
    '--instructions',
    'sleep 600',
  );
  await window.row(/Task 7, Wait, In Progress/).waitFor();
  await window.setTheme('dark');
  await window.pressOnRow(/Task 7, Wait/, 'Pause');
  await window.step('paused by its button', () => window.row(/Task 7, Wait, Paused/).waitFor());
});
