import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';

/** One notification for each limit and each mark of it: not one more for every task that shares the limit. */
export class BudgetNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly begun = new Set<string>();
  private readonly told = new Map<string, number>();

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

  /** What was reached before the window looked is no news. */
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

  /** True when the mark is higher than what was told of that limit. */
  private rise(folder: string, limit: string, mark: number): boolean {
    const key = JSON.stringify([folder, limit]);
    const before = this.told.get(key) ?? 0;
    this.told.set(key, mark);
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
    const [kind = '', owner] = limit.split(':');
    const whose = owner === 'day' ? l10n.t('today') : `#${owner}`;
    const log = l10n.t('Show Log');
    const text =
      mark >= 100
        ? l10n.t('#{0} {1}: the limit of {2} ({3}) is used up.', task.number, sanitizeLine(task.title), kind, whose)
        : l10n.t(
            '#{0} {1}: {2} % of the limit of {3} ({4}) are spent.',
            task.number,
            sanitizeLine(task.title),
            mark,
            kind,
            whose,
          );
    // The limit of the day is in a file; one of a task can be raised here.
    const raise = mark >= 100 && owner !== 'day' ? [l10n.t('Raise the Limit…')] : [];
    const chosen = await vscode.window.showWarningMessage(text, ...raise, log);
    if (chosen !== undefined && raise.includes(chosen)) {
      await vscode.commands.executeCommand('systemprompt.task.raiseLimit', task.id, folder);
    }
    if (chosen === log) await vscode.commands.executeCommand('systemprompt.task.showLog', folder, task.id);
  }
}
