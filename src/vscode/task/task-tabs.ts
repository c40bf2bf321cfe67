import * as vscode from 'vscode';
import { savedTaskSchema } from '../../webviews/task/protocol.ts';
import { pageTypes } from '../contributions.ts';
import type { PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { type ShownTask, TaskTab } from './task-tab.ts';

/** The tabs with pages of tasks. One of them is reused for each task that is opened, until the person keeps it. */
export class TaskTabs implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly context: PageContext;
  private readonly folders: TaskFolders;
  private readonly pending: PendingApprovals;
  private readonly subscriptions: vscode.Disposable[];
  private readonly tabs = new Set<TaskTab>();
  private reused: TaskTab | undefined;

  constructor(context: PageContext, folders: TaskFolders, pending: PendingApprovals) {
    this.context = context;
    this.folders = folders;
    this.pending = pending;
    this.subscriptions = [
      folders.onDidChange(() => this.redraw()),
      folders.onDidChangeTask(({ folder, taskId }) => this.redraw((tab) => tab.shows(folder, taskId))),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.redraw()),
    ];
  }

  show(shown: ShownTask): void {
    const tab = [...this.tabs].find((each) => each.shows(shown.folder, shown.id)) ?? this.reused;
    if (tab !== undefined) {
      tab.show(shown);
      return;
    }
    // The focus stays in the list, so that arrow keys keep working.
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus: true };
    this.reused = this.add(vscode.window.createWebviewPanel(pageTypes.task, l10n.t('Task'), place), shown);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedTaskSchema.safeParse(state).data;
    const folder = saved === undefined ? undefined : this.folders.find(saved.folder);
    if (saved === undefined || folder === undefined) {
      panel.dispose();
      return;
    }
    const tab = this.add(panel, { folder, id: saved.id });
    // Earlier versions kept every tab that a person had not closed.
    if (saved.pinned === false) this.reused ??= tab;
  }

  dispose(): void {
    for (const tab of [...this.tabs]) tab.dispose();
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private add(panel: vscode.WebviewPanel, shown: ShownTask): TaskTab {
    const tab: TaskTab = new TaskTab({
      panel,
      context: this.context,
      pending: this.pending,
      shown,
      pin: () => this.keep(tab),
      closed: () => {
        this.keep(tab);
        this.tabs.delete(tab);
      },
    });
    this.tabs.add(tab);
    return tab;
  }

  private keep(tab: TaskTab): void {
    if (this.reused === tab) this.reused = undefined;
  }

  private redraw(which: (tab: TaskTab) => boolean = () => true): void {
    for (const tab of this.tabs) if (which(tab)) tab.schedule();
  }
}
