import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Task } from '../../../src/core/task/schema.ts';
import { cliJson, workspaceFolder } from './cli.ts';
import { command, replaceWindow, store } from './person.ts';
import { eventually, test } from './runner.ts';

async function shellTask(title: string, instructions: string, requiresApproval = false): Promise<Task> {
  return (await store()).createTask({ title, tool: 'SHELL', instructions, requiresApproval });
}

async function status(id: string): Promise<string | undefined> {
  return (await store()).view.byId(id)?.status;
}

test('a started task runs and logs its work', async () => {
  const task = await shellTask('Say hello', 'echo hello from the shell');
  await command('systemprompt.task.start', task.id);
  await eventually(async () => assert.equal(await status(task.id), 'completed'));
  const { entries } = await (await store()).getLogs(task.id);
  assert.ok(entries.some(({ message }) => message.includes('hello from the shell')));
});

test('the log of a task opens in its own channel', async () => {
  const task = await shellTask('Print lines', 'for i in 1 2 3; do echo "line $i"; done');
  await command('systemprompt.task.start', task.id);
  await command('systemprompt.task.showLog', task.id);
  await eventually(() => {
    const channel = vscode.workspace.textDocuments.find(
      ({ uri, fileName }) => uri.scheme === 'output' && fileName.includes(`Task #${task.number} Print lines`),
    );
    assert.match(channel?.getText() ?? '', /\[info\] \[output\] line 3/);
    assert.equal(channel?.languageId, 'log');
  });
});

test('a running task is cancelled and leaves no processes', async () => {
  const task = await shellTask('Sleep', 'sleep 300');
  await command('systemprompt.task.start', task.id);
  await eventually(async () => assert.equal(await status(task.id), 'in_progress'));
  await command('systemprompt.task.cancel', task.id);
  await eventually(async () => assert.equal(await status(task.id), 'cancelled'));
  await eventually(async () => assert.equal((await store()).view.byId(task.id)?.lease, undefined));
});

test('a failed task is restarted', async () => {
  const task = await shellTask('Fail', 'exit 3');
  await command('systemprompt.task.start', task.id);
  await eventually(async () => assert.equal(await status(task.id), 'failed'));
  await command('systemprompt.task.restart', task.id);
  await eventually(async () => assert.equal((await store()).view.byId(task.id)?.executions.length, 2));
});

test('a gate is approved by command, and the task runs', async () => {
  const task = await shellTask('Tag', 'echo tagged', true);
  await command('systemprompt.task.start', task.id);
  const [approval] = (await store()).view.byId(task.id)?.approvals ?? [];
  assert.equal(approval?.status, 'pending');
  await command('systemprompt.approval.show', workspaceFolder(), task.id, approval?.id);
  const shown = vscode.window.activeTextEditor?.document;
  assert.equal(shown?.uri.scheme, 'systemprompt-request');
  assert.match(shown?.getText() ?? '', /Task: #\d+ Tag[\s\S]*echo tagged/);
  await command('systemprompt.approval.approve', workspaceFolder(), task.id, approval?.id);
  await eventually(async () => assert.equal(await status(task.id), 'completed'));
  // Decided in one place, it is closed everywhere: here the editor that showed it.
  await eventually(() => {
    const open = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ input }) => input);
    assert.ok(
      !open.some((input) => input instanceof vscode.TabInputText && input.uri.scheme === 'systemprompt-request'),
    );
  });
});

test('a request that the command line rejected can no longer be approved, and the message names the person', async () => {
  const task = await shellTask('Ask twice', 'true', true);
  await command('systemprompt.task.start', task.id);
  const approval = (await store()).view.byId(task.id)?.approvals[0]?.id;
  await cliJson('task', 'reject', task.id, '--reason', 'not today');
  await assert.rejects(
    command('systemprompt.approval.approve', workspaceFolder(), task.id, approval),
    /rejected already.*decided by/,
  );
});

test('a request is rejected with a reason', async () => {
  const task = await shellTask('Never', 'true', true);
  await command('systemprompt.task.start', task.id);
  const approval = (await store()).view.byId(task.id)?.approvals[0]?.id;
  await command('systemprompt.approval.reject', workspaceFolder(), task.id, approval, 'it is late');
  const after = (await store()).view.byId(task.id);
  assert.equal(after?.status, 'failed');
  assert.equal(after?.approvals[0]?.notes, 'it is late');
});

test('the file of a task opens, and its id is copied', async () => {
  const task = await shellTask('Look at me', 'true');
  await command('systemprompt.task.openFile', task.id);
  assert.equal((JSON.parse(vscode.window.activeTextEditor?.document.getText() ?? '{}') as Task).title, 'Look at me');
  await command('systemprompt.task.copyId', task.id);
  assert.equal(await vscode.env.clipboard.readText(), task.id);
});

test('deleting asks for confirmation and lists the lost work', async () => {
  const task = await shellTask('Go away', 'true');
  const asked = replaceWindow('showWarningMessage', async () => undefined);
  try {
    await command('systemprompt.task.delete', task.id);
  } finally {
    asked.restore();
  }
  assert.equal(await status(task.id), 'pending');
  const [question, options] = asked.calls[0] ?? [];
  assert.equal(question, `Delete task #${task.number} "Go away"?`);
  assert.match((options as vscode.MessageOptions).detail ?? '', /\d+ log entr(y|ies), 0 executions/);
  const agreed = replaceWindow('showWarningMessage', async () => 'Delete');
  try {
    await command('systemprompt.task.delete', task.id);
  } finally {
    agreed.restore();
  }
  assert.equal(await status(task.id), undefined);
});

test('an invalid action shows the reason, a next step and the code', async () => {
  const task = await shellTask('Idle', 'true');
  await assert.rejects(command('systemprompt.task.restart', task.id), /cannot be restarted/);
  await assert.rejects(command('systemprompt.task.start', 'no such task'), /There is no task "no such task"/);
});
