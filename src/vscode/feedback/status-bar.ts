import * as vscode from 'vscode';
import type { PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';

/**
 * One item in the status bar: the state of the queue, the number of running tasks, and whether one needs the person.
 * Hidden if none applies.
 */
export class StatusBar implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly pending: PendingApprovals;
  private readonly item: vscode.StatusBarItem;
  private readonly subscriptions: vscode.Disposable[];
  private shown = '';

  constructor(folders: TaskFolders, pending: PendingApprovals) {
    this.folders = folders;
    this.pending = pending;
    this.item = vscode.window.createStatusBarItem('systemprompt.status', vscode.StatusBarAlignment.Left);
    this.item.name = l10n.t('SystemPrompt Tasks');
    this.item.command = 'systemprompt.tasks.focus';
    this.subscriptions = [
      this.item,
      folders.onDidChange(() => this.update()),
      folders.onDidChangeTask(() => this.update()),
      pending.onDidChange(() => this.update()),
    ];
    this.update();
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private update(): void {
    const running = this.folders.all.reduce((sum, { host }) => sum + (host?.store.view.count('in_progress') ?? 0), 0);
    const asking = this.pending.list().length;
    const playing = this.folders.all.some((folder) => folder.isPlaying);
    const key = `${running} ${asking} ${playing}`;
    if (key === this.shown) return;
    this.shown = key;
    const words = [
      ...(running === 0 ? [] : [running === 1 ? l10n.t('1 task running') : l10n.t('{0} tasks running', running)]),
      ...(playing ? [l10n.t('queue playing')] : []),
      ...(asking === 0 ? [] : [asking === 1 ? l10n.t('1 needs you') : l10n.t('{0} need you', asking)]),
    ];
    const icon = asking > 0 ? 'bell-dot' : running > 0 ? 'sync~spin' : 'debug-continue';
    this.item.text = `$(${icon}) ${words.join(', ')}`;
    this.item.accessibilityInformation = { label: words.join(', ') };
    this.item.tooltip = playing
      ? l10n.t('The queue is playing: every task runs as soon as it is ready. Select to show the tasks.')
      : l10n.t('Show the tasks');
    this.item.backgroundColor = asking > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    if (words.length > 0) this.item.show();
    else this.item.hide();
  }
}
