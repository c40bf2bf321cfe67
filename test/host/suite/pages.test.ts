import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { command, store } from './person.ts';
import { eventually, test } from './runner.ts';

/** The tabs with a page of this type. VS Code puts a prefix before the type. */
function tabs(type: string): vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return all.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(type));
}

test('the metrics page opens in a single tab', async () => {
  await store();
  await command('systemprompt.metrics.open');
  await eventually(() => assert.equal(tabs('systemprompt.metrics').length, 1));
  await command('systemprompt.metrics.open');
  assert.equal(tabs('systemprompt.metrics').length, 1);
  await vscode.window.tabGroups.close(tabs('systemprompt.metrics'));
  await command('systemprompt.metrics.open');
  await eventually(() => assert.equal(tabs('systemprompt.metrics').length, 1));
  await vscode.window.tabGroups.close(tabs('systemprompt.metrics'));
});

test('the graph page opens in a single tab, also for a task', async () => {
  const opened = await store();
  const task = await opened.createTask({ title: 'In the graph' });
  await command('systemprompt.graph.open');
  await eventually(() => assert.equal(tabs('systemprompt.graph').length, 1));
  await command('systemprompt.task.showInGraph', task.id);
  assert.equal(tabs('systemprompt.graph').length, 1);
  await vscode.window.tabGroups.close(tabs('systemprompt.graph'));
  await opened.deleteTask(task.id);
});

test('the page of a task reuses its tab for the next task', async () => {
  const opened = await store();
  const [one, two] = [await opened.createTask({ title: 'Page one' }), await opened.createTask({ title: 'Page two' })];
  const labels = (): string[] => tabs('systemprompt.task').map(({ label }) => label);
  await command('systemprompt.task.open', one.id);
  await eventually(() => assert.deepEqual(labels(), [`#${one.number} Page one`]));
  await command('systemprompt.task.open', two.id);
  await eventually(() => assert.deepEqual(labels(), [`#${two.number} Page two`]));
  await vscode.window.tabGroups.close(tabs('systemprompt.task'));
  await opened.deleteTask(one.id);
  await opened.deleteTask(two.id);
});
