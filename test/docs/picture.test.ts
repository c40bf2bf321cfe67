import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { onPath } from '../../scripts/apt.ts';
import { must, root } from '../../scripts/process.ts';
import { tasks as sampleTasks } from '../../scripts/sample/tasks.ts';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { livingWorkers } from '../../src/runtime/liveness/presence.ts';
import { coordinationOf } from '../../src/store/coordination.ts';
import { opencodeEnv } from '../agents/opencode/harness.ts';
import { opencode as agent } from '../agents/real/agents/opencode.ts';
import { installAgent } from '../agents/real/install.ts';
import { chatCompletions } from '../support/scripted-model/chat.ts';
import { startScriptedModel } from '../support/scripted-model/server.ts';
import type { ModelTurn } from '../support/scripted-model/turn.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';
import { TestWorkbench } from '../support/workbench.ts';

// Takes the picture of the README anew: the real product, with the real OpenCode and a model that follows a script.
// What it shows is held by test/ui; this only runs when it is asked to. pngquant, where it is installed, makes it small.

const picture = path.join(root, 'media', 'readme', 'tasks.png');
const folder = path.join(tmpdir(), 'tally');
const skip = process.env.README_PICTURE === '1' ? false : 'README_PICTURE=1 takes the picture';

test('the picture of the README', { skip, timeout: 300_000 }, async (context) => {
  assert.ok(!existsSync(folder), `${folder} is in the way`);
  const releases: (() => Promise<unknown>)[] = [];
  context.after(async () => {
    for (const release of releases.reverse()) await release();
  });
  releases.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await makeRepository(folder);
  const model = await startScriptedModel(chatCompletions, conversation('src/words.js'));
  releases.push(() => model.close());
  const opencode = await opencodeEnv(await installAgent(agent.package), model);
  releases.push(() => opencode.remove(), endWorkers);
  const env = { ...process.env, ...opencode.env };
  const cli = (...args: string[]): Promise<string> =>
    must(process.execPath, [path.join(root, 'dist', 'cli.cjs'), ...args, '-C', folder], { env, output: 'hide' });
  for (const args of tasks()) await cli('task', 'create', ...args);
  await cli('task', 'start', '1', '--wait');
  await cli('task', 'start', '2', '--wait');
  await assert.rejects(cli('task', 'start', '3', '--wait'), 'it fails, because nothing is tagged');

  const workbench = await TestWorkbench.start({ gallery: 'readme', settings });
  releases.push(() => workbench.close());
  const window = await workbench.open(folder, { width: 1280, height: 880 });
  await window.openContainer(/SystemPrompt/);
  await cli('task', 'start', '5');
  await cli('task', 'start', '4');
  const request = window.row(/Task 4 asks/);
  await window.step('request', () => request.waitFor());
  await window.pressOnRow(/Task 4, /, 'Show Log');
  await window.step('log', () =>
    until('the log says what it asks', async () => (await window.visibleText('panel')).includes('Asks')),
  );
  for (const name of [/^Completed/, /^Failed/]) await window.openGroup(name);
  await request.click();
  await window.step('change', () =>
    until('the change is drawn', async () => (await window.visibleText('editor')).includes('limit = 20')),
  );
  await arrange(window);
  const card = window.webview().getByRole('listitem').filter({ hasText: '#4' });
  await card.getByRole('button', { name: 'Approve', exact: true }).waitFor();
  await copyFile(await window.picture('readme'), picture);
  if (onPath('pngquant') !== undefined)
    await must('pngquant', ['--force', '--nofs', '--speed', '1', '256', '--output', picture, picture]);
  assert.ok((await stat(picture)).size < 200_000, 'it is small enough to be kept in the repository: install pngquant');
});

/** What the model says: it reads the file, then changes a line, for which OpenCode asks. */
function conversation(file: string): ModelTurn[] {
  const line = (limit: number): string => `most frequent first, at most \`limit\` of them. */
export function topWords(text, limit = ${limit}) {`;
  const edit = { filePath: file, oldString: line(10), newString: line(20) };
  return [
    { text: 'I look at how the limit is used first.', tools: [{ name: 'read', input: { filePath: file } }] },
    { text: 'The default decides, so one line changes.', tools: [{ name: 'edit', input: edit }] },
    { text: 'Done.' },
  ];
}

/** One of every kind that the picture shows: 1 and 2 are completed, 3 has failed, 4 asks, 5 runs, 6 and 7 wait. */
function tasks(): string[][] {
  const script = (title: string, ...more: string[]): string[] => {
    const task = sampleTasks.find((candidate) => candidate.title.startsWith(title)) ?? assert.fail(title);
    // Slow enough to be running for as long as it takes.
    const instructions = task.instructions.replace('sleep 0.6', 'sleep 3');
    const fields = ['--description', task.description, '--instructions', instructions, '--priority', task.priority];
    return [task.title, '--assigned-to', 'SHELL', ...fields, ...more];
  };
  const wish = 'The list of the most frequent words is too short. Let it have 20 by default.';
  return [
    script('Run the unit tests'),
    script('Count lines'),
    script('Check that the release'),
    ['List 20 words, not 10', '--assigned-to', 'OPENCODE', '--description', wish, '--priority', 'high'],
    script('Measure the speed'),
    script('Tag the release', '--depends-on', '4'),
    script('Write the changelog'),
  ];
}

const settings = {
  'breadcrumbs.enabled': false,
  'diffEditor.renderSideBySide': false,
  'editor.guides.indentation': false,
  'editor.matchBrackets': 'never',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.stickyScroll.enabled': false,
  'remote.autoForwardPorts': false,
  // The card says the same, and hides nothing.
  'systemprompt.notifyApprovals': false,
  'workbench.layoutControl.enabled': false,
};

/** Makes room for the rows, the whole card of the request, and the log. */
async function arrange(window: Window): Promise<void> {
  const { page } = window;
  const edge = async (part: string): Promise<{ x: number; y: number; width: number }> =>
    (await page.locator(`.part.${part}`).boundingBox()) ?? assert.fail(part);
  const drag = async (x: number, y: number, toX: number, toY: number): Promise<void> => {
    await page.mouse.move(x, y);
    await page.waitForTimeout(400);
    await page.mouse.down();
    await page.mouse.move(toX, toY, { steps: 12 });
    await page.mouse.up();
  };
  const bar = await edge('sidebar');
  await drag(bar.x + bar.width, 400, bar.x + 396, 400);
  const inbox = (await page.locator('.part.sidebar .pane-header').nth(1).boundingBox()) ?? assert.fail('no inbox');
  await drag(200, inbox.y, 200, 370);
  const panel = await edge('panel');
  await drag(800, panel.y - 3, 800, panel.y - 117);
  await page.locator('.statusbar-item', { hasText: 'Analyzing' }).waitFor({ state: 'hidden' });
  // Colours come in several steps.
  let before = '';
  await until(
    'the editor is drawn',
    async () => {
      const last = before;
      before = await page.locator('.part.editor').innerHTML();
      await page.waitForTimeout(4_000);
      return before === last;
    },
    60_000,
  );
}

async function endWorkers(): Promise<void> {
  for (const { pid } of await livingWorkers(coordinationOf(folder))) process.kill(pid, 'SIGTERM');
  await until('the worker has ended', async () => (await livingWorkers(coordinationOf(folder))).length === 0);
}
