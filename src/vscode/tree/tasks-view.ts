import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type ContextValues, viewIds } from '../contributions.ts';
import type { NeedingTasks } from '../folders/needing-tasks.ts';
import type { PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import type { ContextKeys } from '../register.ts';
import { dragAndDrop } from './drag-and-drop.ts';
import type { TreeNode } from './node.ts';
import type { SavedArrangement } from './saved-arrangement.ts';
import type { TreeProvider } from './tree-provider.ts';

/**
 * The time that a command waits for the rows to be drawn. A window that opens a page at the same time can take seconds, and
 * reports no selection meanwhile.
 */
const DRAWING_MS = 10_000;

/** The Tasks view around its rows: badge, message, progress while loading, and the context keys that `when` clauses read. */
export class TasksView implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly pending: PendingApprovals;
  private readonly needing: NeedingTasks;
  private readonly keys: ContextKeys;
  private readonly arrangement: SavedArrangement;
  private readonly provider: TreeProvider;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly subscriptions: vscode.Disposable[];
  private loaded: (() => void) | undefined;
  /** A row that was selected lately. */
  private lately: TreeNode | undefined;

  constructor(
    folders: TaskFolders,
    pending: PendingApprovals,
    needing: NeedingTasks,
    provider: TreeProvider,
    keys: ContextKeys,
    arrangement: SavedArrangement,
  ) {
    this.folders = folders;
    this.pending = pending;
    this.needing = needing;
    this.keys = keys;
    this.arrangement = arrangement;
    this.provider = provider;
    this.view = vscode.window.createTreeView(viewIds.tasks, {
      treeDataProvider: provider,
      canSelectMany: true,
      dragAndDropController: dragAndDrop(),
      showCollapseAll: true,
    });
    this.subscriptions = [
      this.view,
      this.view.onDidChangeSelection(({ selection }) => {
        this.lately = selection[0] ?? this.lately;
      }),
      folders.onDidChange(() => this.updateState()),
      folders.onDidChangeTask((change) => {
        // Only the first and the last task of a folder change the keys.
        if (change.task === undefined || change.task.revision === 1) this.updateState();
      }),
      needing.onDidChange(() => this.updateBadge()),
      arrangement.onDidChange(() => this.updateState()),
      pending.onDidChange(() => this.updatePending()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.updateState()),
    ];
    this.updateState();
    this.updateBadge();
    this.updatePending();
  }

  get visible(): boolean {
    return this.view.visible;
  }

  /**
   * The selected rows, for commands of the keyboard and the palette. While a group is redrawn, the editor reports only a part of the
   * selection. Revealing a row waits for the drawing to end, and the row is usually visible.
   */
  async selection(): Promise<readonly TreeNode[]> {
    const row = this.view.selection[0] ?? this.lately ?? this.provider.first();
    if (row === undefined || !this.view.visible) return this.view.selection;
    // A deleted row cannot be revealed, but the editor has drawn the others. If the editor never finishes drawing, a
    // command applies to the current selection.
    const drawn = Promise.resolve(this.view.reveal(row, { select: false, focus: false })).catch(() => undefined);
    await Promise.race([drawn, wait(DRAWING_MS)]);
    return this.view.selection;
  }

  /** Selects the row of a task if the view is visible; never opens the view. */
  async show(folder: TaskFolder, taskId: string): Promise<void> {
    const node = this.view.visible ? this.provider.find(folder, taskId) : undefined;
    if (node === undefined) return;
    // The editor rejects a row that it has not drawn yet. Selecting the row is a convenience, not worth an error.
    await Promise.resolve(this.view.reveal(node, { select: true, focus: false })).catch(() => {});
  }

  dispose(): void {
    this.loaded?.();
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private updateBadge(): void {
    const { count } = this.needing;
    const tooltip = count === 1 ? l10n.t('1 task needs you') : l10n.t('{0} tasks need you', count);
    this.view.badge = count === 0 ? undefined : { value: count, tooltip };
  }

  private updatePending(): void {
    this.keys.set('systemprompt.needsApproval', this.pending.list().length > 0);
  }

  private updateState(): void {
    const state = this.overall();
    this.keys.set('systemprompt.state', state);
    this.keys.set('systemprompt.hasTasks', this.folders.all.some(hasTasks));
    this.keys.set(
      'systemprompt.queuePlaying',
      this.folders.all.some((folder) => folder.isPlaying),
    );
    this.keys.set(
      'systemprompt.queuePaused',
      this.folders.all.some((folder) => hasTasks(folder) && !folder.isPlaying),
    );
    this.showProgress(state === 'loading');
    const { filter } = this.arrangement.current;
    this.keys.set('systemprompt.filtered', filter !== '');
    const message = this.message();
    if ((this.view.message ?? '') !== message) this.view.message = message;
  }

  private overall(): ContextValues['systemprompt.state'] {
    const kinds = new Set(this.folders.all.map((folder) => folder.state.kind));
    if (kinds.size === 0) return 'none';
    if (this.folders.all.some(hasTasks)) return 'ready';
    if (kinds.has('loading')) return 'loading';
    return kinds.has('failed') ? 'failed' : 'empty';
  }

  /** The line above the rows, for important information outside the welcome text. */
  private message(): string {
    if (!this.folders.all.some(hasTasks)) return '';
    if (!vscode.workspace.isTrusted) return l10n.t('Restricted Mode: you can read tasks, but nothing runs.');
    const stores = this.folders.all.flatMap(({ host }) => host?.store ?? []);
    const readOnly = stores.map((store) => store.readOnly).find((reason) => reason !== undefined);
    if (readOnly !== undefined) return l10n.t('Read-only: {0}', readOnly);
    const unread = stores.reduce((sum, { problems }) => sum + problems.length, 0);
    if (unread === 0) return this.filterMessage();
    return l10n.t('{0} unreadable files were moved to quarantine. The extension log lists them.', unread);
  }

  /** An empty list under a filter looks like a folder without tasks. */
  private filterMessage(): string {
    const { filter } = this.arrangement.current;
    return filter === '' ? '' : l10n.t('Only tasks that match: {0}', filter);
  }

  private showProgress(loading: boolean): void {
    if (!loading) {
      this.loaded?.();
      this.loaded = undefined;
      return;
    }
    if (this.loaded !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.loaded = resolve;
    void vscode.window.withProgress({ location: { viewId: viewIds.tasks } }, () => promise);
  }
}

function hasTasks(folder: TaskFolder): boolean {
  return (folder.host?.store.view.size ?? 0) > 0;
}
