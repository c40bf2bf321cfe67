import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type * as Extension from '../../../src/extension.ts';
import { api } from './person.ts';
import { eventually } from './runner.ts';

type Make = (...args: unknown[]) => unknown;

/**
 * Counts what the extension asks the editor for and gives back. Commands, views and providers of the copy under test are
 * replaced, because those of the extension itself are there already.
 */
export class Ledger {
  /** Names of the calls whose results are not disposed. */
  readonly open: string[] = [];
  made = 0;
  /** Arguments of the replaced calls, by their name. */
  readonly given = new Map<string, unknown[]>();
  private readonly restores: (() => void)[] = [];

  watch(owner: object, name: string, replacement?: Make): void {
    const target = owner as Record<string, Make>;
    const original = target[name];
    if (original === undefined) throw new Error(`no ${name}`);
    target[name] = (...args) => {
      this.given.set(name, args);
      return this.entry(name, (replacement ?? original.bind(owner))(...args));
    };
    this.restores.push(() => Object.assign(target, { [name]: original }));
  }

  restore(): void {
    for (const restore of this.restores) restore();
  }

  private entry(name: string, made: unknown): unknown {
    const disposable = made as { dispose(): void };
    const dispose = disposable.dispose.bind(disposable);
    let disposed = false;
    this.open.push(name);
    this.made += 1;
    disposable.dispose = () => {
      if (!disposed) this.open.splice(this.open.indexOf(name), 1);
      disposed = true;
      dispose();
    };
    return disposable;
  }
}

const nothing = (): object => ({ dispose: () => {} });

/** A second copy of the extension with a state of its own, and the context to activate it with. */
export async function secondCopy(query: string): Promise<{ copy: typeof Extension; context: vscode.ExtensionContext }> {
  await api();
  // The extension registers its last parts after the first rows; a ledger would take them for those of the copy.
  await eventually(() => assert.throws(() => vscode.window.registerUriHandler({ handleUri: () => {} }).dispose()));
  const extension = vscode.extensions.getExtension('systemprompt.systemprompt-tasks');
  const root = extension?.extensionPath ?? assert.fail('not installed');
  const context = {
    asAbsolutePath: (file: string) => path.join(root, file),
    extension,
    extensionUri: extension?.extensionUri,
    workspaceState: { get: () => undefined, update: async () => {}, keys: () => [] },
  } as unknown as vscode.ExtensionContext;
  // The query makes it a second module, with a state of its own.
  const main = `${pathToFileURL(path.join(root, 'dist', 'extension.js')).href}?${query}`;
  const copy = (await import(main)) as typeof Extension;
  return { copy, context };
}

/** Replaces all registrations that a second copy must not repeat, and counts the others. */
export function watchEditor(ledger: Ledger): void {
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
  ledger.watch(vscode.window, 'registerUriHandler', nothing);
  ledger.watch(vscode.window, 'registerTerminalLinkProvider', nothing);
  ledger.watch(vscode.languages, 'registerCodeActionsProvider', nothing);
  ledger.watch(vscode.chat, 'createChatParticipant', nothing);
  ledger.watch(vscode.lm, 'registerMcpServerDefinitionProvider', nothing);
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
}
