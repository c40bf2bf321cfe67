import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type * as Extension from '../../../src/extension.ts';
import { api } from './person.ts';
import { eventually, test } from './runner.ts';

type Make = (...args: unknown[]) => unknown;

/**
 * Counts what the extension asks the editor for and gives back. Commands, views and providers of the copy under test are
 * replaced, because those of the extension itself are there already.
 */
class Ledger {
  open = 0;
  made = 0;
  private readonly restores: (() => void)[] = [];

  watch(owner: object, name: string, replacement?: Make): void {
    const target = owner as Record<string, Make>;
    const original = target[name];
    if (original === undefined) throw new Error(`no ${name}`);
    target[name] = (...args) => this.entry((replacement ?? original.bind(owner))(...args));
    this.restores.push(() => Object.assign(target, { [name]: original }));
  }

  restore(): void {
    for (const restore of this.restores) restore();
  }

  private entry(made: unknown): unknown {
    const disposable = made as { dispose(): void };
    const dispose = disposable.dispose.bind(disposable);
    let disposed = false;
    this.open += 1;
    this.made += 1;
    disposable.dispose = () => {
      if (!disposed) this.open -= 1;
      disposed = true;
      dispose();
    };
    return disposable;
  }
}

const nothing = (): object => ({ dispose: () => {} });

test('activating and deactivating twice leaves no handles', async () => {
  await api();
  const extension = vscode.extensions.getExtension('systemprompt.systemprompt-tasks');
  const root = extension?.extensionPath ?? assert.fail('not installed');
  const context = { asAbsolutePath: (file: string) => path.join(root, file) } as vscode.ExtensionContext;
  // The query makes it a second module, with a state of its own.
  const main = `${pathToFileURL(path.join(root, 'dist', 'extension.js')).href}?second`;
  const copy = (await import(main)) as typeof Extension;

  const ledger = new Ledger();
  ledger.watch(vscode.commands, 'registerCommand', nothing);
  ledger.watch(vscode.window, 'createTreeView', () => ({
    ...nothing(),
    onDidChangeSelection: nothing,
    selection: [],
    visible: false,
    message: '',
  }));
  ledger.watch(vscode.window, 'registerWebviewViewProvider', nothing);
  ledger.watch(vscode.window, 'registerWebviewPanelSerializer', nothing);
  // Under names of their own: the editor gives the same log channel to who asks for the same name, also a closed one.
  const createChannel = vscode.window.createOutputChannel.bind(vscode.window) as Make;
  ledger.watch(vscode.window, 'createOutputChannel', (name, options) =>
    createChannel(`${name} ${ledger.made}`, options),
  );
  ledger.watch(vscode.window, 'createStatusBarItem');
  ledger.watch(vscode.window, 'onDidChangeVisibleTextEditors');
  ledger.watch(vscode.workspace, 'createFileSystemWatcher');
  ledger.watch(vscode.workspace, 'onDidChangeWorkspaceFolders');
  ledger.watch(vscode.workspace, 'onDidGrantWorkspaceTrust');
  ledger.watch(vscode.workspace, 'onDidChangeConfiguration');
  ledger.watch(vscode.workspace, 'registerTextDocumentContentProvider', nothing);
  const resources = (): number => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length;
  try {
    const counts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const exported = await copy.activate(context);
      await exported.getStore();
      await copy.deactivate();
      assert.equal(ledger.open, 0, `${ledger.open} of ${ledger.made} were not given back`);
      counts.push(resources());
    }
    assert.ok(ledger.made > 60, `${ledger.made} is too few: something is not counted`);
    // Timers of the editor come and go; what grows with each round is ours.
    await eventually(() => assert.ok(resources() <= (counts[0] ?? 0) + 2, `${counts.join(', ')}, now ${resources()}`));
  } finally {
    ledger.restore();
  }
});
