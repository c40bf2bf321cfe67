import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';

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
    const [kind = '', owner] = limit.split(':');
    const log = l10n.t('Show Log');
    const of = limitWords(kind, owner === String(task.number) ? undefined : owner);
    const args = [task.number, sanitizeLine(task.title), of] as const;
    const text =
      mark >= 100
        ? l10n.t('Task #{0} {1} reached {2}.', ...args)
        : l10n.t('Task #{0} {1} has used {3} % of {2}.', ...args, mark);
    // The limit of the day is in a file; one of a task can be raised here.
    const raise = mark >= 100 && owner !== 'day' ? [l10n.t('Raise the Limit…')] : [];
    const chosen = await vscode.window.showWarningMessage(text, ...raise, log);
    if (chosen !== undefined && raise.includes(chosen)) {
      await vscode.commands.executeCommand('systemprompt.task.raiseLimit', task.id, folder);
    }
    if (chosen === log) await vscode.commands.executeCommand('systemprompt.task.showLog', task.id, folder);
  }
}

/** Which limit, `owner` being the number of the task that it is of where that is another one, or `day`. */
function limitWords(kind: string, owner: string | undefined): string {
  if (owner === undefined) return l10n.t('its {0} limit', kind);
  return owner === 'day' ? l10n.t('the daily {0} limit', kind) : l10n.t('the {0} limit of #{1}', kind, owner);
}
