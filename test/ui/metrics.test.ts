import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { newTaskRecord } from '../../src/core/task/create.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { openHost } from '../../src/host.ts';
import { Desk } from '../support/desk.ts';
import type { Window } from '../support/window.ts';

// The metrics page on three weeks of finished tasks. One window; each test goes on where the one before stopped.

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
let desk: Desk;
let window: Window;

before(async () => {
  desk = await Desk.make('metrics');
  await fill();
  window = await desk.open();
});

after(() => desk?.close());

/** Finished tasks of two agents and two projects, some with spend, as their runs would have left them. */
async function fill(): Promise<void> {
  const workerCommand = { command: process.execPath, args: [path.join(root, 'dist', 'cli.cjs')] };
  const host = await openHost({ folder: desk.folder, actor: 'Test', trusted: () => true, workerCommand });
  try {
    await host.store.transact('fill', (draft) => {
      for (let n = 0; n < 60; n += 1) draft.create(finished(n));
    });
    const blocker = await host.store.createTask({ title: 'Broken <b>first</b>', tool: 'SHELL', project: 'Shop' });
    await host.store.updateTask(blocker.id, { status: 'in_progress' });
    await host.store.updateTask(blocker.id, { status: 'failed', error: 'no' });
    await host.store.createTask({ title: 'After it', tool: 'SHELL', project: 'Shop', dependsOn: [blocker.id] });
  } finally {
    await host.close();
  }
}

function finished(n: number): ReturnType<typeof newTaskRecord> {
  const ended = Date.now() - (n % 20) * DAY_MS - n * MINUTE_MS;
  const at = (ms: number): string => new Date(ended - ms).toISOString();
  const codex = n % 3 === 0;
  const params = { title: `Task ${n}`, tool: codex ? 'CODEX' : 'SHELL', project: n % 2 === 0 ? 'Shop' : 'Site' };
  const status = n % 7 === 0 ? 'failed' : n % 11 === 0 ? 'cancelled' : 'completed';
  const spend = codex ? { usage: { total_tokens: 10_000 + n * 700, cost_usd: 0.05 * (n + 1) } } : {};
  const fields: Partial<TaskRecord> = {
    status,
    started_at: at((n + 1) * MINUTE_MS),
    completed_at: at(0),
    active_ms: (n + 1) * MINUTE_MS,
    ...spend,
  };
  return { ...newTaskRecord(params, at((n + 2) * MINUTE_MS)), ...fields };
}

const tile = (name: string) => window.webview(-1).locator('.tile').filter({ hasText: name }).locator('dd').first();

test('the page shows the numbers of the command line', async () => {
  await window.runCommand('SystemPrompt Tasks: Open Metrics');
  await window.step('all', () => tile('Finished tasks').waitFor());
  const cli = JSON.parse(await desk.cli('metrics', '--json')) as {
    performance: { tasks: number; success_rate: number; tokens: number };
    throughput_per_day: number;
    by_label: unknown[];
    by_project: { project: string; tasks: number }[];
    status_by_day: { day: string }[];
  };
  assert.equal(await tile('Finished tasks').textContent(), String(cli.performance.tasks));
  assert.equal(await tile('Success rate').textContent(), `${Math.round(cli.performance.success_rate)} %`);
  assert.equal(await tile('Tokens').textContent(), cli.performance.tokens.toLocaleString('en'));
  const rate = cli.throughput_per_day.toLocaleString('en', { maximumFractionDigits: 1 });
  assert.equal(await tile('Completed per day').textContent(), rate);
  const rows = (name: string) => window.webview(-1).getByRole('region', { name }).locator('tbody tr');
  const projects = cli.by_project.map(({ project, tasks }) => [project, tasks]);
  const shown = await rows('Finished tasks by project').allTextContents();
  assert.deepEqual(
    shown.map((row) => row.slice(0, 4)),
    projects.map(([project]) => project),
  );
  assert.equal(await rows('Tasks by status').count(), cli.status_by_day.length);
});

test('every chart has a name and a table with its numbers', async () => {
  const page = window.webview(-1);
  const charts = await page.getByRole('img').all();
  assert.equal(charts.length, 6);
  for (const chart of charts) assert.match((await chart.getAttribute('aria-label')) ?? '', /^Chart: .+\. The table/);
  assert.equal(await page.locator('canvas').count(), 6);
  const agents = page.getByRole('region', { name: 'Finished tasks by agent' }).getByRole('table').first();
  assert.deepEqual(await agents.getByRole('rowheader').allTextContents(), ['SHELL', 'CODEX']);
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    await window.setTheme(theme);
    await window.picture(theme);
    await window.resizeSidebar(900);
    await window.picture(`narrow ${theme}`);
    await window.resizeSidebar(300);
  }
});

test('a project filters the numbers, and the choice survives a hidden tab', async () => {
  await window.webview(-1).getByRole('combobox', { name: 'Project' }).selectOption('Shop');
  const cli = JSON.parse(await desk.cli('metrics', '--project', 'Shop', '--json'));
  const shop = String(cli.performance.tasks);
  await window.step('project', () => tile('Finished tasks').filter({ hasText: shop }).waitFor());
  await window.runCommand('File: New Untitled Text File');
  await window.runCommand('SystemPrompt Tasks: Open Metrics');
  await tile('Finished tasks').filter({ hasText: shop }).waitFor();
  assert.equal(await window.webview(-1).getByRole('combobox', { name: 'Project' }).inputValue(), 'Shop');
});

test('tasks of a filter are compared', async () => {
  const page = window.webview(-1);
  await page.getByRole('textbox', { name: 'Compare tasks' }).fill('project:Shop tool:CODEX');
  await page.getByRole('combobox', { name: 'Metric' }).selectOption('tokens');
  await page.getByRole('button', { name: 'Compare tasks' }).click();
  await window.step('comparison', () => page.getByRole('img', { name: /^Chart: Tokens\. The table/ }).waitFor());
  const cli = JSON.parse(
    await desk.cli('task', 'compare', '--filter', 'project:Shop tool:CODEX', '--metric', 'tokens', '--json'),
  );
  const rows = page.getByRole('region', { name: 'Tokens', exact: true }).locator('tbody tr');
  assert.equal(await rows.count(), cli.tasks.length);
});

test('a task finished elsewhere updates the page, and titles are plain text', async () => {
  const before = Number(await tile('Finished tasks').textContent());
  await window.webview(-1).getByRole('button', { name: 'Broken <b>first</b>' }).waitFor();
  await desk.cli('task', 'cancel', 'After it');
  await window.step('live', () =>
    tile('Finished tasks')
      .filter({ hasText: String(before + 1) })
      .waitFor(),
  );
});
