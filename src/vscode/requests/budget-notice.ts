import * as vscode from 'vscode';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { budgetText } from '../present/notice-text.ts';

/** One notification for each limit and each mark of it: not one more for every task that shares the limit. */
export class BudgetNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly begun = new Set<string>();
  private readonly reported = new Map<string, number>();

  constructor(folders: TaskFolders) {
    this.subscription = vscode.Disposable.from(
      folders.onDidChange(() => this.begin(folders)),
      folders.onDidChangeTask((change) => this.update(change)),
    );
    this.begin(folders);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Marks that were reached before the window opened are not reported. */
  private begin(folders: TaskFolders): void {
    for (const folder of folders.all) {
      if (folder.host === undefined || this.begun.has(folder.path)) continue;
      this.begun.add(folder.path);
      for (const status of ['in_progress', 'paused', 'completed_active'] as const) {
        for (const task of folder.host.store.view.byStatus(status)) {
          for (const [limit, mark] of Object.entries(task.budget_marks ?? {})) this.rise(folder.path, limit, mark);
        }
      }
    }
  }

  /** True if the mark is higher than the last one reported for that limit. */
  private rise(folder: string, limit: string, mark: number): boolean {
    const key = JSON.stringify([folder, limit]);
    const before = this.reported.get(key) ?? 0;
    this.reported.set(key, mark);
    return mark > before;
  }

  private update({ folder, task }: TaskChange): void {
    for (const [limit, mark] of Object.entries(task?.budget_marks ?? {})) {
      if (task !== undefined && this.rise(folder.path, limit, mark)) void this.show(folder.path, task, limit, mark);
    }
  }

  private async show(
    folder: string,
    task: NonNullable<TaskChange['task']>,
    limit: string,
    mark: number,
  ): Promise<void> {
    const log = l10n.t('Show Log');
    // The limit of the day is in a file; one of a task can be raised here.
    const raise = mark >= 100 && !limit.endsWith(':day') ? [l10n.t('Raise the Limit…')] : [];
    const chosen = await vscode.window.showWarningMessage(budgetText(task, limit, mark), ...raise, log);
    if (chosen !== undefined && raise.includes(chosen)) {
      await vscode.commands.executeCommand('systemprompt.task.raiseLimit', task.id, folder);
    }
    if (chosen === log) await vscode.commands.executeCommand('systemprompt.task.showLog', task.id, folder);
  }
}
