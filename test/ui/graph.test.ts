import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { openHost } from '../../src/host.ts';
import { addTask } from '../../src/store/task-changes.ts';
import { Desk } from '../support/desk.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

// The graph page. One window; each test continues where the previous one stopped.

let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('graph');
  await fill();
  window = await desk.open();
});

after(() => desk?.close());

/** A chain of three tasks, one apart, and 400 tasks of a project in two phases. */
async function fill(): Promise<void> {
  const workerCommand = { command: process.execPath, args: [path.join(root, 'dist', 'cli.cjs')] };
  const host = await openHost({ folder: desk.folder, actor: 'Test', trusted: () => true, workerCommand });
  try {
    await host.store.transact('fill', (draft) => {
      const first = addTask(draft, { title: 'Design <b>schema</b>', tool: 'SHELL', project: 'Shop' });
      const second = addTask(draft, { title: 'Write parser', tool: 'SHELL', project: 'Shop', dependsOn: [first.id] });
      addTask(draft, { title: 'Ship it', tool: 'SHELL', project: 'Shop', dependsOn: [second.id] });
      addTask(draft, { title: 'Update docs', tool: 'SHELL', project: 'Shop' });
      for (const name of ['Plan', 'Build']) {
        const phase = addTask(draft, { title: name, tool: 'SHELL', project: 'Site' });
        for (let n = 0; n < 200; n += 1) addTask(draft, { title: `${name} ${n}`, project: 'Site', parentId: phase.id });
      }
    });
  } finally {
    await host.close();
  }
}

const page = () => window.webview(-1);
const tree = () => page().getByRole('tree', { name: 'Tasks of the graph' });
const item = (name: string | RegExp) => tree().getByRole('treeitem', { name });

async function dependencies(task: string): Promise<string[]> {
  return JSON.parse(await desk.cli('task', 'show', task, '--json')).depends_on;
}

test('many tasks start as groups of projects, which open by keyboard', async () => {
  await window.runCommand('SystemPrompt Tasks: Open Graph');
  await window.step('groups', () => item(/^Shop/).waitFor());
  await item(/^Site, 0 of 402 completed/).waitFor();
  await tree().focus();
  await window.page.keyboard.press('Enter');
  await window.step('project', () => item(/^#1 Design <b>schema<\/b>/).waitFor());
  assert.equal(await page().getByLabel('Project').inputValue(), 'Shop');
});

test('the tree names the relations of a task, and Enter opens it', async () => {
  await tree().focus();
  await window.page.keyboard.press('Home');
  await window.page.keyboard.press('ArrowDown');
  await window.page.keyboard.press('ArrowRight');
  await item(/^waits for #1 Design/).waitFor();
  await item(/^needed by #3 Ship it/).waitFor();
  for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
    await window.setTheme(theme);
    await window.picture(theme);
  }
});

test('a dependency is added by keyboard, and one that closes a cycle is not offered', async () => {
  await item(/^#1 Design/).click();
  await page().getByRole('button', { name: 'Add Dependency…' }).click();
  await window.quickInput.getByRole('option', { name: /#4 Update docs/ }).waitFor();
  assert.equal(await window.quickInput.getByRole('option', { name: /#3 Ship it/ }).count(), 0);
  await window.pick(/#4 Update docs/);
  await until('it is added', async () => (await dependencies('1')).length === 1);
  await window.step('added', () => item(/^#4 Update docs.*critical path/).waitFor());
  await item(/^#1 Design/).click();
  await page().getByRole('button', { name: 'Remove Dependency…' }).click();
  await window.pick(/#4 Update docs/);
  await until('it is removed', async () => (await dependencies('1')).length === 0);
  await window.step('removed', () => item(/^#4 Update docs, Draft$/).waitFor());
});

test('a dependency is added by dragging from the edge of a task, and removed by dragging its arrowhead away', async () => {
  await page().getByRole('button', { name: 'Fit' }).click();
  const box = (await page().locator('canvas').boundingBox()) ?? assert.fail('no canvas');
  const { mouse } = window.page;
  // Two rows: the chain of three, and the task apart beneath its first one. See `pageSizes` for the distances.
  const picture = { width: 3 * 210 + 2 * 70 + 48, height: 2 * 44 + 2 * 16 + 48 };
  const scale = Math.min(1, (box.width - 16) / picture.width, (box.height - 16) / picture.height);
  const at = (x: number, y: number): [number, number] => [
    box.x + (box.width - picture.width * scale) / 2 + x * scale,
    box.y + (box.height - picture.height * scale) / 2 + y * scale,
  ];
  const drag = async (from: [number, number], to: [number, number]): Promise<void> => {
    await mouse.move(...from);
    await mouse.down();
    await mouse.move(...to, { steps: 8 });
    await mouse.up();
  };
  const lower = 24 + 44 + 32 + 22;
  await drag(at(24 + 210 - 2, lower), at(24 + 280 + 100, 24 + 22));
  await until('it is added', async () => (await dependencies('2')).length === 2);
  // The page draws the change later than the store has it, and an arrowhead can only be dragged where it is drawn.
  await window.step('dragged', () => item(/^waits for #4 Update docs/).waitFor());
  // The second task is now in the middle of the two that it waits for, and the camera has not moved.
  await drag(at(24 + 280 - 5, 24 + 30 + 22), at(24 + 280 + 100, 24 + 160));
  await until('it is removed', async () => (await dependencies('2')).length === 1);
});

test('the page follows changes of other programs, and shows the neighbors of a task from its row', async () => {
  await desk.cli('task', 'create', 'From outside', '--assigned-to', 'SHELL', '--project', 'Shop', '--depends-on', '3');
  await window.step('live', () => item(/From outside/).waitFor());
  await page().getByLabel('Search by number or title').fill('outside');
  await page().getByText('1 match').waitFor();
  await page().getByLabel('Search by number or title').fill('');
  await window.runCommand('SystemPrompt Tasks: Show in Graph');
  await window.pick(/#3 Ship it/);
  await window.step('neighbors', () => page().getByRole('button', { name: 'Show All' }).waitFor());
});
