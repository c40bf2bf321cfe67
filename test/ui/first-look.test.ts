import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import type { Theme } from '../../scripts/workbench/settings.ts';
import { TestWorkbench } from '../support/workbench.ts';

const themes: readonly Theme[] = ['dark', 'light', 'hc-dark', 'hc-light'];

let base: string;
let workbench: TestWorkbench;

before(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'first-look-'));
  await makeRepository(path.join(base, 'tally'));
  workbench = await TestWorkbench.start({ gallery: 'first-look' });
});

after(async () => {
  await workbench.close();
  await rm(base, { recursive: true, force: true });
});

test('the view of an empty store offers a first task, in every kind of theme', async () => {
  const window = await workbench.open(path.join(base, 'tally'));
  await window.openContainer(/SystemPrompt/);
  await window.page.locator('.part.sidebar').getByRole('button', { name: 'New Task' }).first().waitFor();
  for (const theme of themes) {
    await window.setTheme(theme);
    await window.picture(theme);
  }
  await window.close();
});
