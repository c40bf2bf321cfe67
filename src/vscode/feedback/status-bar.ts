import * as vscode from 'vscode';
import type { StoreView } from '../../store/journal/view.ts';
import type { Reachability } from '../../store/ports.ts';
import type { NeedingTasks } from '../folders/needing-tasks.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';

/**
 * One item in the status bar: the state of the queue, the number of running tasks, and whether one needs the person.
 * Hidden if none applies.
 */
export class StatusBar implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly needing: NeedingTasks;
  private readonly item: vscode.StatusBarItem;
  private readonly subscriptions: vscode.Disposable[];
  private readonly watched = new WeakSet<Reachability>();
  private shown = '';

  constructor(folders: TaskFolders, needing: NeedingTasks) {
    this.folders = folders;
    this.needing = needing;
    this.item = vscode.window.createStatusBarItem('systemprompt.status', vscode.StatusBarAlignment.Left);
    this.item.name = l10n.t('SystemPrompt Tasks');
    this.item.command = 'systemprompt.tasks.focus';
    this.subscriptions = [
      this.item,
      folders.onDidChange(() => this.update()),
      folders.onDidChangeTask(() => this.update()),
      needing.onDidChange(() => this.update()),
    ];
    this.update();
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private update(): void {
    const running = this.folders.all.reduce((sum, { host }) => sum + runningIn(host?.store.view), 0);
    const asking = this.needing.count;
    const playing = this.folders.all.some((folder) => folder.isPlaying);
    const offline = this.isOffline();
    const key = `${running} ${asking} ${playing} ${offline}`;
    if (key === this.shown) return;
    this.shown = key;
    const words = [
      ...(offline ? [l10n.t('offline, reconnecting')] : []),
      ...(running === 0 ? [] : [running === 1 ? l10n.t('1 task running') : l10n.t('{0} tasks running', running)]),
      ...(playing ? [l10n.t('queue playing')] : []),
      ...(asking === 0 ? [] : [asking === 1 ? l10n.t('1 needs you') : l10n.t('{0} need you', asking)]),
    ];
    const icon = offline ? 'debug-disconnect' : asking > 0 ? 'bell-dot' : running > 0 ? 'sync~spin' : 'debug-continue';
    this.item.text = `$(${icon}) ${words.join(', ')}`;
    this.item.accessibilityInformation = { label: words.join(', ') };
    this.item.tooltip = offline
      ? l10n.t('The database does not answer. Shown tasks may be out of date, and changes fail until it answers again.')
      : playing
        ? l10n.t('The queue is playing: every task runs as soon as it is ready. Select to show the tasks.')
        : l10n.t('Show the tasks');
    this.item.backgroundColor = asking > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    if (words.length > 0) this.item.show();
    else this.item.hide();
  }

  /** True if the server of a folder's store does not answer. */
  private isOffline(): boolean {
    const servers = this.folders.all.flatMap(({ host }) => host?.store.coordination.server ?? []);
    for (const server of servers) {
      if (this.watched.has(server)) continue;
      this.watched.add(server);
      this.subscriptions.push(server.onChange(() => this.update()));
    }
    return servers.some(({ isOnline }) => !isOnline);
  }
}

/** Groups are in progress as well, but run nothing. */
function runningIn(view: StoreView | undefined): number {
  let running = 0;
  for (const { kind } of view?.byStatus('in_progress') ?? []) if (kind === 'work') running += 1;
  return running;
}
