import * as vscode from 'vscode';
import { mcpProvider } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';

/** Offers the tasks of each folder to the assistants of the editor, as a server that the editor starts on use. */
export class McpServers implements vscode.McpServerDefinitionProvider, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly cli: string;
  private readonly version: string;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  private offered: string;

  readonly onDidChangeMcpServerDefinitions = this.changed.event;

  /** @param cli absolute path of the command line in the extension */
  constructor(folders: TaskFolders, cli: string, version: string) {
    this.folders = folders;
    this.cli = cli;
    this.version = version;
    this.offered = this.paths().join('\n');
    this.subscriptions = [
      vscode.lm.registerMcpServerDefinitionProvider(mcpProvider, this),
      folders.onDidChange(() => this.fireIfChanged()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.fireIfChanged()),
    ];
  }

  provideMcpServerDefinitions(): vscode.McpStdioServerDefinition[] {
    const paths = this.paths();
    return paths.map((path) => {
      const name = this.folders.find(path)?.name ?? path;
      const label = paths.length === 1 ? l10n.t('Tasks') : l10n.t('Tasks of {0}', name);
      // The editor's program is Electron; the variable makes it a plain Node.
      const env = { ELECTRON_RUN_AS_NODE: '1' };
      const args = [this.cli, 'mcp', '-C', path];
      return new vscode.McpStdioServerDefinition(label, process.execPath, args, env, this.version);
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
    this.changed.dispose();
  }

  /** Folders with tasks. A restricted window has none, because a server can start tasks. */
  private paths(): string[] {
    if (!vscode.workspace.isTrusted) return [];
    return this.folders.all.filter(({ state }) => state.kind === 'ready').map(({ path }) => path);
  }

  private fireIfChanged(): void {
    const now = this.paths().join('\n');
    if (now === this.offered) return;
    this.offered = now;
    this.changed.fire();
  }
}
