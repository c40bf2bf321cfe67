import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { TaskError } from '../../../src/core/errors.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { openHost } from '../../../src/host.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { reviewAgents } from '../../../src/vscode/commands/confirm-agents.ts';
import type { CommandContext } from '../../../src/vscode/commands/context.ts';
import { confirmTasks } from '../../../src/vscode/commands/queue.ts';
import { showError } from '../../../src/vscode/feedback/errors.ts';
import { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { workspaceFolder } from './cli.ts';
import { command, replaceWindow, store } from './person.ts';
import { test } from './runner.ts';

test('what a folder would run is shown before it is confirmed', async () => {
  await store();
  const file = path.join(workspaceFolder(), '.systemprompt', 'config.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ agents: { OWN: { command: 'own-agent', args: ['--acp'] } } }));
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first !== undefined);
  const workerCommand = { command: process.execPath, args: [] };
  const folder = new TaskFolder(first, (at) => openHost({ folder: at, actor: 'Agents Test', workerCommand }));
  // Nothing is confirmed: the person closes the question.
  const asked = replaceWindow('showWarningMessage', async () => undefined);
  try {
    await folder.ready();
    await reviewAgents({ folders: { all: [folder] } } as unknown as CommandContext, []);
    assert.equal(asked.calls.length, 1);
    const { modal, detail } = (asked.calls[0]?.[1] ?? {}) as vscode.MessageOptions;
    assert.equal(modal, true);
    assert.match(detail ?? '', /^OWN: own-agent --acp\n/);
  } finally {
    asked.restore();
    rmSync(file);
    folder.dispose();
    await folder.closed();
  }
});

test('tasks that came with a folder are shown before they run', async () => {
  const at = realpathSync(mkdtempSync(path.join(tmpdir(), 'came-along-')));
  const state = path.join(at, '.systemprompt', 'state');
  mkdirSync(state, { recursive: true });
  writeFileSync(path.join(state, 'queue.json'), '{"playing":true}');
  const made = await TaskStore.open({ folder: at });
  await made.createTask({ description: 'Brought along', tool: 'SHELL', instructions: 'true' });
  await made.close();
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first !== undefined);
  const workerCommand = { command: process.execPath, args: [] };
  const folder = new TaskFolder({ ...first, uri: vscode.Uri.file(at) }, (place) =>
    openHost({ folder: place, actor: 'Tasks Test', workerCommand }),
  );
  const asked = replaceWindow('showWarningMessage', async () => undefined);
  try {
    const host = await folder.ready();
    await confirmTasks({ folders: { all: [folder] } } as unknown as CommandContext, []);
    assert.match(((asked.calls[0]?.[1] ?? {}) as vscode.MessageOptions).detail ?? '', /^#1 Brought along\n/);
    await assert.rejects(host.worker.ensure(), { code: 'NotConfirmed' });
    assert.deepEqual(host.cameAlong, { playing: true, tasks: 1 });
  } finally {
    asked.restore();
    folder.dispose();
    await folder.closed();
    rmSync(at, { recursive: true });
  }
});

test('where nothing is to be confirmed, the command says so', async () => {
  const said = replaceWindow('showInformationMessage', async () => undefined);
  try {
    await command('systemprompt.agents.review');
    assert.match(String(said.calls[0]?.[0]), /brings along no agents/);
  } finally {
    said.restore();
  }
});

test('an agent that is not confirmed is an error with the way to confirm it', async () => {
  const shown = replaceWindow('showErrorMessage', async () => undefined);
  try {
    const details = { unconfirmed: 'OWN' };
    await showError(new TaskError('AgentNotFound', 'It is not confirmed yet.', { details }), silentLogger);
    await showError(new TaskError('AgentNotFound', 'It is not there.'), silentLogger);
    const setToRun = { details: { set_to_run: 1 } };
    await showError(new TaskError('NotConfirmed', 'A task was set to run.', setToRun), silentLogger);
    assert.deepEqual(
      shown.calls.map(([, ...buttons]) => buttons),
      [['Review and Confirm…'], [], ['Review and Confirm…']],
    );
  } finally {
    shown.restore();
  }
});
