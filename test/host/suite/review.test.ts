import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Task } from '../../../src/core/task/schema.ts';
import { reviewUri } from '../../../src/vscode/reviews/review-uri.ts';
import { workspaceFolder } from './cli.ts';
import { command, replaceWindow, store } from './person.ts';
import { eventually, test } from './runner.ts';

/** A task that changed files in its worktree, and has ended. */
async function doneTask(title: string, instructions: string): Promise<Task> {
  const opened = await store();
  const task = await opened.createTask({ title, tool: 'SHELL', instructions });
  await command('systemprompt.task.start', task.id);
  await eventually(() => {
    const now = opened.view.byId(task.id);
    assert.equal(now?.status, 'completed');
    assert.equal(now.lease, undefined);
  });
  return task;
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: workspaceFolder(), encoding: 'utf8' }).trim();
const inFolder = (...names: string[]): string => path.join(workspaceFolder(), ...names);

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

test('the changes of a task are shown against its base and merged', async () => {
  const before = readFileSync(inFolder('package.json'), 'utf8');
  const task = await doneTask('Change files', "printf 'new\\n' > 'neu ä.txt'; printf 'changed\\n' > package.json");
  await command('systemprompt.task.review', task.id);
  await eventually(() => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.equal(tab?.label.replace(/ \(.*\)$/, ''), `Changes of #${task.number}`);
  });
  const side = { folder: workspaceFolder(), task: task.id };
  assert.equal(await textOf(reviewUri({ ...side, file: 'package.json', side: 'before', codes: false })), before);
  assert.equal(await textOf(reviewUri({ ...side, file: 'package.json', side: 'after', codes: false })), 'changed\n');
  assert.equal(await textOf(reviewUri({ ...side, file: 'neu ä.txt', side: 'before', codes: false })), '');
  assert.equal(readFileSync(inFolder('package.json'), 'utf8'), before, 'nothing is merged by looking');
  await command('systemprompt.task.merge', task.id, undefined, 'squash');
  assert.equal(readFileSync(inFolder('package.json'), 'utf8'), 'changed\n');
  assert.equal(readFileSync(inFolder('neu ä.txt'), 'utf8'), 'new\n');
  assert.match(git('log', '-1', '--format=%s'), /Change files/);
  await command('systemprompt.task.review', task.id);
  assert.equal(
    await textOf(reviewUri({ ...side, file: 'neu ä.txt', side: 'after', codes: false })),
    'new\n',
    'kept by git',
  );
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

test('a merge that would overwrite changes of the user is refused with the file', async () => {
  const task = await doneTask('Disagree', "printf 'theirs\\n' > README.md");
  const before = readFileSync(inFolder('README.md'), 'utf8');
  writeFileSync(inFolder('README.md'), 'mine\n');
  await assert.rejects(
    command('systemprompt.task.merge', task.id, undefined, 'merge'),
    /have changed files.*README\.md/,
  );
  assert.equal(readFileSync(inFolder('README.md'), 'utf8'), 'mine\n');
  writeFileSync(inFolder('README.md'), before);
});

test('a result that builds on another one is merged with it after a confirmation', async () => {
  const opened = await store();
  const first = await doneTask('Lay the ground', 'echo ground > ground.txt');
  const second = await opened.createTask({
    title: 'Build on it',
    tool: 'SHELL',
    instructions: 'cat ground.txt > house.txt',
    dependsOn: [first.id],
  });
  await command('systemprompt.task.start', second.id);
  await eventually(() => assert.equal(opened.view.byId(second.id)?.status, 'completed'));
  const agreed = replaceWindow('showWarningMessage', async () => 'Merge All');
  await command('systemprompt.task.merge', second.id, undefined, 'merge').finally(() => agreed.restore());
  assert.match(JSON.stringify(agreed.calls[0]), /Lay the ground/);
  assert.equal(readFileSync(inFolder('house.txt'), 'utf8'), 'ground\n');
  assert.ok(opened.view.byId(first.id)?.workspace?.merged_at);
});

test('a result is discarded only after a confirmation that lists the lost work', async () => {
  const opened = await store();
  const task = await doneTask('Try something', 'echo x > attempt.txt');
  const place = inFolder(...(opened.view.byId(task.id)?.workspace?.path.split('/') ?? ['missing']));
  const refused = replaceWindow('showWarningMessage', async () => undefined);
  await command('systemprompt.task.discard', task.id).finally(() => refused.restore());
  assert.match(JSON.stringify(refused.calls[0]), /attempt\.txt.*30 days/);
  assert.ok(existsSync(place));
  const agreed = replaceWindow('showWarningMessage', async () => 'Discard');
  await command('systemprompt.task.discard', task.id).finally(() => agreed.restore());
  const ref = opened.view.byId(task.id)?.workspace?.discarded_ref ?? '';
  assert.equal(git('show', `${ref}:attempt.txt`), 'x');
  assert.ok(!existsSync(place));
  await assert.rejects(command('systemprompt.task.openWorktree', task.id), /has no worktree/);
});
