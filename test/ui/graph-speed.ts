import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame } from 'playwright-core';
import { must, root } from '../../scripts/process.ts';
import { openHost } from '../../src/host.ts';
import { addTask } from '../../src/store/task-changes.ts';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

// Measures the graph page in a real window: `npx node test/ui/graph-speed.ts --tasks 2000,10000`. Prints the milliseconds
// from the command to the first picture, and the frames per second while a person pans.

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: '2000,10000' }, seconds: { type: 'string', default: '3' } },
});

const PROJECTS = 8;
const PHASE = 100;

/** Projects in phases, with chains of five tasks and lines between the chains. */
async function fill(folder: string, count: number): Promise<void> {
  const workerCommand = { command: process.execPath, args: [path.join(root, 'dist', 'cli.cjs')] };
  const host = await openHost({ folder, actor: 'Bench', trusted: () => true, workerCommand });
  try {
    await host.store.transact('fill', (draft) => {
      let [phase, before, chain]: (string | undefined)[] = [];
      for (let n = 0; n < count; n += 1) {
        const project = `Project ${Math.floor((n * PROJECTS) / count)}`;
        if (n % PHASE === 0) {
          phase = addTask(draft, { title: `Phase ${n / PHASE}`, tool: 'SHELL', project }).id;
          [before, chain] = [undefined, undefined];
          continue;
        }
        if (n % 5 === 1) [before, chain] = [chain, undefined];
        const dependsOn: string[] = before === undefined ? [] : [before];
        before = addTask(draft, {
          title: `Step ${n} of the import`,
          tool: 'SHELL',
          project,
          parentId: phase,
          dependsOn,
        }).id;
        chain ??= before;
      }
    });
  } finally {
    await host.close();
  }
}

async function graphFrame(window: Window): Promise<Frame> {
  const canvas = window.webview(-1).locator('canvas');
  await canvas.waitFor();
  const handle = await canvas.elementHandle();
  const frame = await handle?.ownerFrame();
  if (frame === null || frame === undefined) throw new Error('The page has no frame.');
  return frame;
}

/** Resolves once the canvas has been painted. */
async function painted(window: Window): Promise<void> {
  const frame = await graphFrame(window);
  await frame.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}

async function timed(action: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** Frames per second and the longest time between two frames, in milliseconds, while the picture is dragged to and fro. */
async function pan(window: Window): Promise<string> {
  const frame = await graphFrame(window);
  const box = await window.webview(-1).locator('canvas').boundingBox();
  if (box === null) throw new Error('The canvas is hidden.');
  await frame.evaluate(`window.frames_ = []; (function count(at) {
    if (window.frames_ === undefined) return;
    window.frames_.push(at);
    requestAnimationFrame(count);
  })(performance.now())`);
  const { mouse } = window.page;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  const end = performance.now() + Number(values.seconds) * 1_000;
  for (let step = 0; performance.now() < end; step += 1) {
    await mouse.move(x + 120 * Math.sin(step / 9), y + 80 * Math.cos(step / 9));
  }
  await mouse.up();
  const times = await frame.evaluate<number[]>(
    '(() => { const all = window.frames_; window.frames_ = undefined; return all; })()',
  );
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const rate = (1_000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
  return `${rate.toFixed(0)} frames per second, longest gap ${Math.max(...gaps).toFixed(0)} ms`;
}

/** Milliseconds from the choice of a command in the palette until the page is ready. */
async function opening(window: Window, command: string, ready: () => Promise<void>): Promise<number> {
  const option = await window.findCommand(`SystemPrompt Tasks: ${command}`);
  return timed(async () => {
    await option.click();
    await ready();
  });
}

async function measure(count: number): Promise<void> {
  const desk = await Desk.make(`graph-speed-${count}`);
  try {
    await fill(desk.folder, count);
    const window = await desk.open({ 'systemprompt.notifications': [] });
    await window
      .row(/Step 1 /)
      .first()
      .waitFor();
    // The first page of a window also starts the editor's webviews: the form is the limit that no page can beat.
    for (const round of ['first', 'second']) {
      const form = await opening(window, 'New Task…', () => window.webview(-1).getByLabel('Title').waitFor());
      await window.runCommand('View: Close All Editors');
      const graph = await opening(window, 'Open Graph', () => painted(window));
      const inside = await (await graphFrame(window)).evaluate<number>('performance.now()');
      const own = `${inside.toFixed(0)} ms of them in the page`;
      console.log(`${count} tasks, ${round} time: form ${form.toFixed(0)} ms, graph ${graph.toFixed(0)} ms, ${own}`);
      if (round === 'first') await window.runCommand('View: Close All Editors');
    }
    console.log(`${count} tasks, groups: pan ${await pan(window)}`);
    const page = window.webview(-1);
    const all = page.getByRole('button', { name: 'Show Tasks' });
    const everything = await timed(async () => {
      await all.click();
      await page.getByRole('button', { name: 'Show Groups' }).waitFor();
      await painted(window);
    });
    console.log(`${count} tasks, every task: picture ${everything.toFixed(0)} ms`);
    console.log(`${count} tasks, every task: pan ${await pan(window)}`);
    for (let step = 0; step < 12; step += 1) await page.getByRole('button', { name: 'Zoom In' }).click();
    console.log(`${count} tasks, enlarged: pan ${await pan(window)}`);
    await window.picture('enlarged');
    const group = await timed(async () => {
      await page.getByLabel('Project').selectOption('Project 1');
      await page
        .getByRole('treeitem', { name: /^(Phase|#)/ })
        .first()
        .waitFor();
      await painted(window);
    });
    console.log(`${count} tasks, one project: picture ${group.toFixed(0)} ms`);
    console.log(`${count} tasks, one project: pan ${await pan(window)}`);
  } finally {
    await desk.close();
  }
}

await must(process.execPath, ['esbuild.js', '--production'], { output: 'hide' });
for (const count of values.tasks.split(',').map(Number)) await measure(count);
