import { after, before, test } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

// A person works on rows while others change what is around them, so that the tree is drawn again all the time.

const ROUNDS = 12;

let desk: Desk;
let window: Window;
let others: TaskStore;

before(async () => {
  desk = await Desk.make('busy');
  others = await TaskStore.open({ folder: desk.folder });
  window = await desk.open();
});

after(async () => {
  await others?.close();
  await desk?.close();
});

test('the Delete key applies to the selected row while others change', async () => {
  await others.createTask({ title: 'Stay', tool: 'SHELL' });
  const { id } = await others.createTask({ title: 'Change', tool: 'SHELL' });
  await window.row(/Task 2, Change, Pending/).waitFor();
  await window.select(/Task 1, Stay, Pending/);
  let enough = false;
  // The row stays where it is, and what it belongs to is drawn again.
  const changing = (async () => {
    for (let n = 0; !enough; n += 1) {
      await others.updateTask(id, { title: `Change ${n}` });
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  try {
    await window.row(/Task 2, Change [1-9]/).waitFor();
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
