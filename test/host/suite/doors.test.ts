import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { cli, cliJson, workspaceFolder } from './cli.ts';
import { replaceWindow, store } from './person.ts';
import { eventually, test } from './runner.ts';
import { Ledger, secondCopy, watchEditor } from './second-copy.ts';

interface Doors {
  readonly links: vscode.UriHandler & vscode.TerminalLinkProvider;
  readonly servers: vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>;
  ask(command: string | undefined, prompt: string): Promise<{ text: string; buttons: vscode.Command[] }>;
}

/** Calls the doors that a second copy of the extension opens for other programs, as the editor calls them. */
async function withDoors(use: (doors: Doors) => Promise<void>): Promise<void> {
  const { copy, context } = await secondCopy('doors');
  const ledger = new Ledger();
  watchEditor(ledger);
  try {
    await (await copy.activate(context)).getStore();
    const given = (name: string): unknown[] => ledger.given.get(name) ?? assert.fail(`${name} was not called`);
    await eventually(() => given('createChatParticipant'));
    const [links] = given('registerUriHandler') as [Doors['links']];
    const [, servers] = given('registerMcpServerDefinitionProvider') as [string, Doors['servers']];
    const [, answer] = given('createChatParticipant') as [string, vscode.ChatRequestHandler];
    const token = new vscode.CancellationTokenSource().token;
    await use({
      links,
      servers,
      async ask(command, prompt) {
        const texts: string[] = [];
        const buttons: vscode.Command[] = [];
        const stream = {
          markdown: (text: string | vscode.MarkdownString) => texts.push(typeof text === 'string' ? text : text.value),
          button: (button: vscode.Command) => buttons.push(button),
          reference: () => {},
          progress: () => {},
        };
        await answer({ command, prompt } as never, { history: [] }, stream as never, token);
        return { text: texts.join(''), buttons };
      },
    });
  } finally {
    await copy.deactivate();
    ledger.restore();
  }
}

const pages = (): string[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('systemprompt.task'))
    .map(({ label }) => label);

async function closePages(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter(({ input }) => input instanceof vscode.TabInputWebview));
}

test('links, chat and MCP servers lead to the tasks of the window, and to no other folder', async () => {
  const opened = await store();
  const task = await opened.createTask({ title: 'Behind a door', tool: 'SHELL', instructions: 'false' });
  const uri = (path: string, query = ''): vscode.Uri =>
    vscode.Uri.from({ scheme: 'vscode', authority: 'x', path, query });
  const folder = `folder=${encodeURIComponent(workspaceFolder())}`;
  try {
    await withDoors(async ({ links, servers, ask }) => {
      await links.handleUri(uri(`/task/${task.number}`, folder));
      await eventually(() => assert.deepEqual(pages(), [`#${task.number} Behind a door`]));
      await closePages();

      const warned = replaceWindow('showWarningMessage', async () => undefined);
      try {
        await links.handleUri(uri(`/task/${task.number}`, `folder=${encodeURIComponent('/somewhere/else')}`));
        await links.handleUri(uri('/task/../../etc/passwd'));
        await links.handleUri(uri('/command/workbench.action.quit'));
        assert.equal(warned.calls.length, 3);
        assert.match(String(warned.calls[0]?.[0]), /somewhere/);
        assert.deepEqual(pages(), [], 'a link opens no folder');
      } finally {
        warned.restore();
      }

      const line = `See task #${task.number}, not issue #7.`;
      const found = (await links.provideTerminalLinks({ line } as never, undefined as never)) ?? [];
      assert.deepEqual(
        found.map(({ startIndex, length }) => line.slice(startIndex, startIndex + length)),
        [`task #${task.number}`],
      );
      await links.handleTerminalLink(found[0] ?? assert.fail('no link'));
      await eventually(() => assert.deepEqual(pages(), [`#${task.number} Behind a door`]));
      await closePages();

      const definitions = (await servers.provideMcpServerDefinitions(undefined as never)) ?? [];
      assert.equal(definitions.length, 1);
      const [{ args = [], command } = assert.fail('no server')] = definitions;
      assert.deepEqual([path.isAbsolute(command), args.slice(1)], [true, ['mcp', '-C', workspaceFolder()]]);

      await cli('task', 'start', String(task.number), '--wait');
      const why = await ask('why', String(task.number));
      assert.match(why.text, /Behind a door/);
      assert.ok(why.buttons.length > 0, 'a failed task has next steps');
      const byNumber = await ask(undefined, `what about #${task.number}?`);
      assert.equal(byNumber.text, why.text, 'a number alone asks why');
      const status = await ask('status', '');
      assert.match(status.text, /Behind a door/);
      assert.match((await ask('why', '99999')).text, /no task #99999/);
      assert.match((await ask('plan', '')).text, /Describe the work/);
    });
    const shown = (await cliJson('task', 'show', String(task.number), '--web')) as { number: number };
    assert.equal(shown.number, task.number);
  } finally {
    await closePages();
    await opened.deleteTask(task.id);
  }
});
