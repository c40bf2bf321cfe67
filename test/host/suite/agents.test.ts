import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { TaskError } from '../../../src/core/errors.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { operationStep } from '../../../src/core/next-step.ts';
import { openHost } from '../../../src/host.ts';
import { writeQueue } from '../../../src/runtime/queue/queue-state.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { reviewAgents } from '../../../src/vscode/commands/confirm-agents.ts';
import { confirmTasks } from '../../../src/vscode/commands/confirm-tasks.ts';
import type { CommandContext } from '../../../src/vscode/commands/context.ts';
import { showError } from '../../../src/vscode/feedback/errors.ts';
import { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { command, replaceWindow } from './person.ts';
import { test } from './runner.ts';

/** A folder of its own with such settings, opened as the window opens one; what is confirmed is kept beside it. */
async function withSettings(
  settings: object,
  use: (folder: TaskFolder, write: (changed: object) => void) => Promise<void>,
): Promise<void> {
  const at = realpathSync(mkdtempSync(path.join(tmpdir(), 'brought-')));
  const write = (value: object): void =>
    writeFileSync(path.join(at, '.systemprompt', 'config.json'), JSON.stringify(value));
  mkdirSync(path.join(at, '.systemprompt'));
  write(settings);
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first !== undefined);
  const workerCommand = { command: process.execPath, args: [] };
  const before = process.env['XDG_CONFIG_HOME'];
  process.env['XDG_CONFIG_HOME'] = path.join(at, 'machine');
  const folder = new TaskFolder({ ...first, uri: vscode.Uri.file(at) }, (place) =>
    openHost({ folder: place, actor: 'Agents Test', workerCommand }),
  );
  try {
    await folder.ready();
    await use(folder, write);
  } finally {
    folder.dispose();
    await folder.closed();
    if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
    else process.env['XDG_CONFIG_HOME'] = before;
    rmSync(at, { recursive: true });
  }
}

const review = (folder: TaskFolder): Promise<unknown> =>
  Promise.resolve(reviewAgents({ folders: { all: [folder] } } as unknown as CommandContext, []));

test('agents and rules of a folder are shown before their confirmation', async () => {
  const agents = { OWN: { command: 'own-agent', args: ['--acp'] } };
  const rules = [{ allow: 'command', pattern: 'npm test' }];
  await withSettings({ agents, rules }, async (folder, write) => {
    const asked = replaceWindow('showWarningMessage', async () => 'Rules Only');
    try {
      await review(folder);
      const [, options, ...buttons] = asked.calls[0] ?? [];
      const { modal, detail } = options as vscode.MessageOptions;
      assert.equal(modal, true);
      assert.match(detail ?? '', /:\nOWN: own-agent --acp\n\n.*:\nallow command "npm test"\n/);
      assert.deepEqual(buttons.slice(0, 3), ['Allow on This Machine', 'Agents Only', 'Rules Only']);
      const { settings } = await folder.ready();
      assert.deepEqual([settings.unconfirmed, settings.unconfirmedRules, settings.rules], [['OWN'], [], rules]);
      // Written while the window has the folder open: what is asked about is what the file says now.
      write({ agents: {}, rules: [...rules, { allow: 'read', pattern: 'src/**' }] });
      await review(folder);
      const [question, { detail: alone } = {}, ...choices] = asked.calls[1] as [string, vscode.MessageOptions];
      assert.match(question, /^Allow the rules of this folder/);
      assert.doesNotMatch(alone ?? '', /OWN/);
      assert.deepEqual(choices, ['Allow on This Machine', 'Show File']);
    } finally {
      asked.restore();
    }
  });
});

test('a change after the display is not confirmed', async () => {
  await withSettings({ agents: { OWN: { command: 'own-agent' } } }, async (folder, write) => {
    const asked = replaceWindow('showWarningMessage', async () => {
      write({ agents: { OWN: { command: 'another' } } });
      return 'Allow on This Machine';
    });
    try {
      await assert.rejects(review(folder), { code: 'ChangedSinceShown' });
      const { settings } = await folder.ready();
      assert.deepEqual([settings.unconfirmed, Object.keys(settings.agents)], [['OWN'], []]);
    } finally {
      asked.restore();
    }
  });
});

test('imported tasks are shown before they run', async () => {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'came-along-')));
  const [made, at] = [path.join(parent, 'made'), path.join(parent, 'moved')];
  mkdirSync(made);
  const store = await TaskStore.open({ folder: made });
  await store.createTask({ description: 'Brought along', tool: 'SHELL', instructions: 'true' });
  await writeQueue(store.coordination, { playing: true });
  await store.close();
  renameSync(made, at);
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first !== undefined);
  const workerCommand = { command: process.execPath, args: [] };
  const folder = new TaskFolder({ ...first, uri: vscode.Uri.file(at) }, (place) =>
    openHost({ folder: place, actor: 'Tasks Test', workerCommand }),
  );
  const asked = replaceWindow('showWarningMessage', async () => undefined);
  const said = replaceWindow('showInformationMessage', async () => undefined);
  try {
    const host = await folder.ready();
    await confirmTasks({ folders: { all: [folder] } } as unknown as CommandContext, []);
    assert.match(((asked.calls[0]?.[1] ?? {}) as vscode.MessageOptions).detail ?? '', /^#1 Brought along\n/);
    await assert.rejects(host.worker.ensure(), { code: 'NotConfirmed' });
    assert.deepEqual(host.importedTasks, { playing: true, tasks: 1 });
    const other = await openHost({ folder: at, actor: 'Somebody', workerCommand, watch: false });
    await other.confirmTasks();
    await other.close();
    await confirmTasks({ folders: { all: [folder] } } as unknown as CommandContext, []);
    assert.equal(asked.calls.length, 1, 'another process has confirmed them');
    assert.equal(host.importedTasks, undefined);
  } finally {
    asked.restore();
    said.restore();
    folder.dispose();
    await folder.closed();
    rmSync(parent, { recursive: true });
  }
});

test('the command reports that no confirmation is pending', async () => {
  const said = replaceWindow('showInformationMessage', async () => undefined);
  try {
    await command('systemprompt.agents.review');
    assert.match(String(said.calls[0]?.[0]), /has no agents or rules to confirm/);
  } finally {
    said.restore();
  }
});

test('an unconfirmed agent is an error with the command to confirm it', async () => {
  const shown = replaceWindow('showErrorMessage', async () => undefined);
  try {
    const details = { unconfirmed: 'OWN' };
    await showError(new TaskError('AgentNotFound', 'It is not confirmed yet.', { details }), silentLogger);
    await showError(new TaskError('AgentNotFound', 'It is not there.'), silentLogger);
    const queued = { next: [operationStep('Review and confirm the queued tasks', 'task.confirm')] };
    await showError(new TaskError('NotConfirmed', 'A task was queued.', queued), silentLogger);
    assert.deepEqual(
      shown.calls.map(([, ...buttons]) => buttons),
      [['Review and Confirm…'], [], ['Review and confirm the queued tasks']],
    );
  } finally {
    shown.restore();
  }
});
