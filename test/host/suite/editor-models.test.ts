import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { cli, cliJson, workspaceFolder } from './cli.ts';
import { command, replaceWindow } from './person.ts';
import { eventually, test } from './runner.ts';

interface Shown {
  readonly number: number;
  readonly status: string;
  readonly error?: string;
  readonly approvals: readonly { readonly status: string; readonly title: string }[];
  readonly executions: readonly { readonly usage?: { readonly total_tokens?: number } }[];
}

async function shown(number: number): Promise<Shown> {
  return (await cliJson('task', 'show', String(number))) as Shown;
}

async function created(title: string, instructions: string): Promise<number> {
  const flags = ['--tool', 'VSCODE_LM', '--instructions', instructions, '--isolation', 'none'];
  await vscode.extensions.getExtension('systemprompt.systemprompt-tasks')?.activate();
  return ((await cliJson('task', 'create', title, ...flags)) as Shown).number;
}

async function approved(number: number, title: RegExp, check = (): void => {}): Promise<void> {
  await eventually(async () => {
    const { approvals, status, error } = await shown(number);
    const pending = approvals.find((each) => each.status === 'pending');
    assert.match(pending?.title ?? '', title, `${status} ${error ?? ''}`);
  });
  check();
  assert.equal((await cli('task', 'approve', String(number))).code, 0);
}

test('a model of the editor works on a task by tools, each change after an approval', async () => {
  const file = path.join(workspaceFolder(), 'written.txt');
  const number = await created('Write with the editor', 'Write the file.');
  try {
    assert.equal((await cli('task', 'start', String(number))).code, 0);
    await approved(number, /edit_file/, () => assert.equal(existsSync(file), false));
    await approved(number, /run_command/);
    const task = await eventually(async () => {
      const now = await shown(number);
      assert.match(now.status, /^completed/, now.error);
      return now;
    });
    assert.equal(readFileSync(file, 'utf8'), 'by a model\n');
    const { total_tokens: tokens = 0 } = task.executions[0]?.usage ?? {};
    assert.ok(tokens > 100, `${tokens} tokens, as the editor counts them`);
    const { stdout: log } = await cli('task', 'logs', String(number));
    assert.match(log, /I write the file\./);
    assert.match(log, /The file is written\./);
  } finally {
    await cli('task', 'complete', String(number));
    rmSync(file, { force: true });
    await cli('task', 'delete', String(number), '--yes');
  }
});

test('a cancelled task cancels the call of the model', async () => {
  const number = await created('Wait for the editor', 'Never answer.');
  try {
    assert.equal((await cli('task', 'start', String(number))).code, 0);
    await eventually(async () => assert.match((await cli('task', 'logs', String(number))).stdout, /thinking/));
    assert.equal((await cli('task', 'cancel', String(number))).code, 0);
    await eventually(async () => assert.equal((await shown(number)).status, 'cancelled'));
  } finally {
    await cli('task', 'delete', String(number), '--yes');
  }
});

test('a person chooses the model for tasks by a command', async () => {
  const told = replaceWindow('showInformationMessage', async () => undefined);
  await vscode.extensions.getExtension('systemprompt.systemprompt-tasks')?.activate();
  try {
    await command('systemprompt.models.allow');
    await eventually(() => assert.match(String(told.calls.at(-1)?.[0]), /Scripted Model/));
  } finally {
    told.restore();
  }
});
