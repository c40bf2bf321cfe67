import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cliJson } from '../suite/cli.ts';
import { api, command, store } from '../suite/person.ts';
import { eventually, test } from '../suite/runner.ts';

interface Created {
  readonly id: string;
}

test('the window under test is restricted', () => {
  assert.equal(vscode.workspace.isTrusted, false);
});

test('the extension activates in a restricted window', async () => {
  await api();
  assert.equal(vscode.extensions.getExtension('systemprompt.systemprompt-tasks')?.isActive, true);
});

test('tasks of other people can be read', async () => {
  const { id } = (await cliJson(
    'task',
    'create',
    'Read me',
    '--assigned-to',
    'SHELL',
    '--instructions',
    'true',
  )) as Created;
  await eventually(async () => assert.equal((await store()).view.byId(id)?.title, 'Read me'));
});

test('no task starts, and the message gives the next step', async () => {
  const { id } = (await cliJson(
    'task',
    'create',
    'Start me',
    '--assigned-to',
    'SHELL',
    '--instructions',
    'true',
  )) as Created;
  await eventually(async () => assert.ok((await store()).view.byId(id)));
  await assert.rejects(command('systemprompt.task.start', id), /Trust the folder/);
  const task = (await store()).view.byId(id);
  assert.equal(task?.status, 'pending');
  assert.equal(task?.queued_at, undefined);
});

test('no request is approved or rejected', async () => {
  const args = ['--assigned-to', 'SHELL', '--instructions', 'true', '--requires-approval'];
  const { id } = (await cliJson('task', 'create', 'Ask me', ...args)) as Created;
  await cliJson('task', 'start', id);
  await eventually(async () => assert.equal((await store()).view.byId(id)?.status, 'paused'));
  await assert.rejects(command('systemprompt.approval.approve', id), /Trust the folder/);
  const folder = (await store()).folder;
  const approval = (await store()).view.byId(id)?.approvals[0]?.id;
  const rejecting = command('systemprompt.approval.reject', folder, id, approval, 'not trusted');
  await assert.rejects(rejecting, /Trust the folder/);
  assert.equal((await store()).view.byId(id)?.status, 'paused');
});

test('no task is created', async () => {
  await assert.rejects(command('systemprompt.task.create'), /Trust the folder/);
});
