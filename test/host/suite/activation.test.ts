import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/vscode/contributions.ts';
import { workspaceFolder } from './cli.ts';
import { api, store } from './person.ts';
import { test } from './runner.ts';

const id = 'systemprompt.systemprompt-tasks';

test('the extension is installed', () => {
  assert.ok(vscode.extensions.getExtension(id), `${id} is not installed`);
});

test('the extension activates', async () => {
  const extension = vscode.extensions.getExtension(id);
  await extension?.activate();
  assert.equal(extension?.isActive, true);
});

test('the window under test is trusted', () => {
  assert.equal(vscode.workspace.isTrusted, true);
});

test('exactly the declared commands are registered', async () => {
  await api();
  const all = await vscode.commands.getCommands(true);
  const ours = all.filter((command) =>
    /^systemprompt\.(task|tasks|agents|approval|approvals|board|graph|metrics|models|plan|queue|review|store)\.|^systemprompt\.showOutput$/.test(
      command,
    ),
  );
  // The editor makes commands of its own for every view: focus, open, move.
  const views =
    /^systemprompt\.(tasks\.open|(tasks|approvals)\.(focus|removeView|resetViewLocation|toggleVisibility))$/;
  assert.deepEqual(ours.filter((command) => !views.test(command)).sort(), [...commandIds].sort());
});

test('other extensions get the library and the stores of the window', async () => {
  const exported = await api();
  assert.deepEqual(Object.keys(exported).sort(), ['TaskStore', 'getContext', 'getStore', 'operations', 'schemas']);
  const opened = await exported.getStore(workspaceFolder());
  assert.ok(opened instanceof exported.TaskStore);
  assert.equal(opened, await store());
  assert.equal(exported.operations['task.create'].name, 'task.create');
  const task = await opened.createTask({ title: 'From another extension', tool: 'SHELL' });
  assert.equal(exported.schemas.task.safeParse(opened.view.byId(task.id)).success, true);
  await opened.deleteTask(task.id);
});

test('a folder that is not open has no store', async () => {
  const { getStore } = await api();
  await assert.rejects(getStore('/nowhere'), /not open/);
});
