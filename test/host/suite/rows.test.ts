import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Task } from '../../../src/core/task/schema.ts';
import type { TreeNode } from '../../../src/vscode/tree/node.ts';
import { command, replaceWindow, store } from './person.ts';
import { eventually, test } from './runner.ts';
import { TestTree } from './tree.ts';

/** The elements of rows whose labels have these words, as the editor gives them to a command. */
function elements(tree: TestTree, words: readonly string[], node?: TreeNode): TreeNode[] {
  return tree.below(node).flatMap((child) => {
    const label = String(tree.provider.getTreeItem(child).label);
    return [...(words.some((word) => label.includes(word)) ? [child] : []), ...elements(tree, words, child)];
  });
}

async function withRows(words: readonly string[], run: (rows: readonly TreeNode[]) => Promise<void>): Promise<void> {
  const tree = await new TestTree().ready();
  try {
    await run(
      await eventually(() => {
        const found = elements(tree, words);
        assert.ok(found.length >= words.length);
        return found;
      }),
    );
  } finally {
    await tree.close();
  }
}

test('several selected rows are cancelled at once, except those that cannot be', async () => {
  const opened = await store();
  const tasks: Task[] = [];
  for (const title of ['Row one', 'Row two', 'Row three'])
    tasks.push(await opened.createTask({ title, tool: 'SHELL', instructions: 'true' }));
  await opened.updateTask(tasks[2]?.id ?? '', { status: 'cancelled' });
  await withRows(['Row '], async (rows) => {
    await command('systemprompt.task.cancel', rows[0], rows);
    for (const { id } of tasks) assert.equal(opened.view.byId(id)?.status, 'cancelled');
    await command('systemprompt.task.copyId', rows[0], rows);
    assert.equal((await vscode.env.clipboard.readText()).split('\n').length, 3);
    const agreed = replaceWindow('showWarningMessage', async () => 'Delete');
    await command('systemprompt.task.delete', rows[0], rows).finally(() => agreed.restore());
    assert.equal(agreed.calls[0]?.[0], 'Delete 3 tasks?');
    for (const { id } of tasks) assert.equal(opened.view.byId(id), undefined);
  });
});

test('several requests are approved at once', async () => {
  const opened = await store();
  const ids: string[] = [];
  for (const title of ['Gate one', 'Gate two']) {
    const { id } = await opened.createTask({ title, tool: 'SHELL', instructions: 'true', requiresApproval: true });
    await command('systemprompt.task.start', id);
    ids.push(id);
  }
  await withRows(['Start "Gate'], async (rows) => {
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['approval', 'approval'],
    );
    await command('systemprompt.approval.approve', rows[0], rows);
    for (const id of ids) {
      await eventually(() => assert.equal(opened.view.byId(id)?.status, 'completed'));
    }
  });
});

test('the log channel of a deleted task is removed', async () => {
  const opened = await store();
  const { id, number } = await opened.createTask({ title: 'Short-lived', tool: 'SHELL' });
  const window = vscode.window as { createOutputChannel(name: string, language: string): vscode.OutputChannel };
  const create = window.createOutputChannel;
  const channels: { readonly name: string; disposed: boolean }[] = [];
  // The editor keeps the document of a channel for a while, so it is the channel itself that is watched.
  window.createOutputChannel = (name, language) => {
    const channel = create.call(window, name, language);
    const note = { name, disposed: false };
    channels.push(note);
    const dispose = channel.dispose.bind(channel);
    channel.dispose = () => {
      note.disposed = true;
      dispose();
    };
    return channel;
  };
  try {
    await command('systemprompt.task.showLog', id);
  } finally {
    window.createOutputChannel = create;
  }
  assert.deepEqual(channels, [{ name: `Task #${number} Short-lived`, disposed: false }]);
  await opened.deleteTask(id);
  await eventually(() => assert.equal(channels[0]?.disposed, true));
});

test('a channel shows part of a flood of entries, and always the last one', async () => {
  const opened = await store();
  const { id, number } = await opened.createTask({ title: 'Flood', tool: 'SHELL' });
  const text = (): string =>
    vscode.workspace.textDocuments.find(({ fileName }) => fileName.includes(`Task #${number} Flood`))?.getText() ?? '';
  await command('systemprompt.task.showLog', id);
  for (let batch = 0; batch < 40; batch += 1) {
    await opened.appendLog(
      id,
      Array.from({ length: 1_000 }, (_, index) => ({
        message: `entry ${batch * 1_000 + index + 1}`,
        type: 'output' as const,
      })),
    );
  }
  await eventually(() => assert.match(text(), /entry 40000\n/));
  assert.ok(text().split('\n').length < 25_000, `${text().split('\n').length} lines`);
  await opened.deleteTask(id);
});
