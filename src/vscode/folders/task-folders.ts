import * as vscode from 'vscode';
import { type OpenFolder, type TaskChange, TaskFolder } from './task-folder.ts';

/** The folders of the window that can have tasks. Follows the folders that the workspace gains and loses. */
export class TaskFolders implements vscode.Disposable {
  private readonly openHost: OpenFolder;
  private readonly folders = new Map<string, { readonly folder: TaskFolder; readonly events: vscode.Disposable }>();
  private readonly leaving = new Set<Promise<void>>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly taskChanged = new vscode.EventEmitter<TaskChange>();
  private readonly subscriptions: vscode.Disposable[];

  /** A folder was added or removed, or the state of one changed. */
  readonly onDidChange = this.changed.event;
  /** A task of any folder changed. */
  readonly onDidChangeTask = this.taskChanged.event;

  constructor(openHost: OpenFolder) {
    this.openHost = openHost;
    this.subscriptions = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.follow();
        this.changed.fire();
      }),
      // A restricted window opened its stores without asking git for the person's identity.
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const folder of this.all) void folder.reopen();
      }),
    ];
    this.follow();
  }

  /** In the order of the workspace. */
  get all(): TaskFolder[] {
    return [...this.folders.values()].map(({ folder }) => folder);
  }

  /** The folder with this URI or path. */
  find(folder: { readonly fsPath: string } | string): TaskFolder | undefined {
    const wanted = typeof folder === 'string' ? folder : folder.fsPath;
    return this.all.find((candidate) => candidate.path === wanted || candidate.folder.uri.toString() === wanted);
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    for (const key of [...this.folders.keys()]) this.remove(key);
    this.changed.dispose();
    this.taskChanged.dispose();
  }

  /** Resolves when the stores of all removed folders are closed. */
  async closed(): Promise<void> {
    await Promise.all(this.leaving);
  }

  private follow(): void {
    // Tasks run on local files. A virtual folder has no tasks.
    const wanted = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const keys = new Set(wanted.map(({ uri }) => uri.toString()));
    for (const key of [...this.folders.keys()]) if (!keys.has(key)) this.remove(key);
    const before = new Map(this.folders);
    this.folders.clear();
    for (const folder of wanted) {
      const key = folder.uri.toString();
      this.folders.set(key, before.get(key) ?? this.add(folder));
    }
  }

  private add(workspaceFolder: vscode.WorkspaceFolder): { folder: TaskFolder; events: vscode.Disposable } {
    const folder = new TaskFolder(workspaceFolder, this.openHost);
    const events = vscode.Disposable.from(
      folder.onDidChangeState(() => this.changed.fire()),
      folder.onDidChangeTask((change) => this.taskChanged.fire(change)),
    );
    return { folder, events };
  }

  private remove(key: string): void {
    const entry = this.folders.get(key);
    if (entry === undefined) return;
    this.folders.delete(key);
    entry.events.dispose();
    entry.folder.dispose();
    const closed = entry.folder.closed().finally(() => this.leaving.delete(closed));
    this.leaving.add(closed);
  }
}
