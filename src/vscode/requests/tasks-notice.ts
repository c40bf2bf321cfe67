import * as vscode from 'vscode';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { importedText } from '../present/notice-text.ts';

/** Notifies once per folder that imported queued tasks wait for a confirmation. */
export class TasksNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly notified = new Set<string>();

  constructor(folders: TaskFolders) {
    this.subscription = folders.onDidChange(() => this.notifyOnce(folders));
    this.notifyOnce(folders);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private notifyOnce(folders: TaskFolders): void {
    // A restricted window has nothing to confirm: trusting the folder opens it again.
    if (!vscode.workspace.isTrusted) return;
    for (const folder of folders.all) {
      if (folder.host?.importedTasks === undefined || this.notified.has(folder.path)) continue;
      this.notified.add(folder.path);
      void notify(folder);
    }
  }
}

async function notify(folder: TaskFolder): Promise<void> {
  const review = l10n.t('Review and Confirm…');
  const text = importedText(folder.name, folder.host?.importedTasks?.tasks ?? 0);
  if ((await vscode.window.showWarningMessage(text, review)) !== review) return;
  await vscode.commands.executeCommand('systemprompt.task.confirm');
}
