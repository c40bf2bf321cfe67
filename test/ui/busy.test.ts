import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import type { Window } from '../support/window.ts';
import { TestWorkbench } from '../support/workbench.ts';

// A person works on rows while others change what is around them, so that the tree is drawn again all the time.

const ROUNDS = 12;

let base: string;
let workbench: TestWorkbench;
let window: Window;
let others: TaskStore;

before(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'busy-'));
  const folder = path.join(base, 'tally');
  await makeRepository(folder);
  others = await TaskStore.open({ folder });
  workbench = await TestWorkbench.start({ gallery: 'busy' });
  window = await workbench.open(folder);
  await window.openContainer(/SystemPrompt/);
});

after(async () => {
  await workbench?.close();
  await others?.close();
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
});

test('the Delete key asks about the row that was selected, whatever changes around it', async () => {
  await others.createTask({ title: 'Stay', tool: 'SHELL' });
  const { id } = await others.createTask({ title: 'Change', tool: 'SHELL' });
  await window.row(/Task 1, Stay, Pending/).waitFor();
  let enough = false;
  // The row stays where it is, and what it belongs to is drawn again.
  const changing = (async () => {
    for (let n = 0; !enough; n += 1) {
      await others.updateTask(id, { title: `Change ${n}` });
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  try {
    await window.select(/Task 1, Stay/);
    for (let round = 0; round < ROUNDS; round += 1) {
      await window.page.keyboard.press('Delete');
      const question = window.dialog(/Delete task #1 "Stay"\?/);
      await (round === 0 ? window.step('asked', () => question.waitFor()) : question.waitFor());
      await window.page.keyboard.press('Escape');
      await question.waitFor({ state: 'detached' });
    }
  } finally {
    enough = true;
    await changing;
  }
});
