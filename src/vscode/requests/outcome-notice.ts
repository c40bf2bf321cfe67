import * as vscode from 'vscode';
import { needOf } from '../../core/task/needs.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { CommandId } from '../contributions.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { outcomeText } from '../present/notice-text.ts';
import { setting } from '../register.ts';
import { type Outcome, Outcomes, outcomes } from './outcome.ts';

/** One notification when the run of a task fails, completes or leaves changes to review. The setting chooses which. */
export class OutcomeNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly read = new Set<object>();
  private readonly ends = new Outcomes();

  constructor(folders: TaskFolders) {
    this.subscription = vscode.Disposable.from(
      folders.onDidChange(() => this.readRunning(folders)),
      folders.onDidChangeTask((change) => this.update(change)),
    );
    this.readRunning(folders);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Tasks that were running before the window opened are reported, ended ones are not. */
  private readRunning(folders: TaskFolders): void {
    for (const { host } of folders.all) {
      if (host === undefined || this.read.has(host)) continue;
      this.read.add(host);
      for (const task of host.store.view.byStatus('in_progress')) this.ends.next(task.id, task, () => undefined);
    }
  }

  private update({ folder, taskId, task }: TaskChange): void {
    const outcome = this.ends.next(taskId, task, (ended) => needOf(ended, folderStanding(folder, ended, Date.now())));
    if (outcome === undefined || task === undefined || !wanted().includes(outcome)) return;
    void show(folder, task, outcome);
  }
}

async function show(folder: TaskFolder, task: TaskRecord, outcome: Outcome): Promise<void> {
  const offered = commandsFor(task, outcome);
  const silence = l10n.t("Don't Show Again");
  const notify = outcome === 'failed' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const chosen = await notify(outcomeText(task, outcome), ...offered.map(({ title }) => title), silence);
  const command = offered.find(({ title }) => title === chosen);
  if (command !== undefined) await vscode.commands.executeCommand(command.id, task.id, folder.path);
  if (chosen === silence) await leaveOut(outcome);
}

/** The commands that a notification offers, with the texts of their buttons. */
function commandsFor(
  task: TaskRecord,
  outcome: Outcome,
): readonly { readonly id: CommandId; readonly title: string }[] {
  switch (outcome) {
    case 'failed':
      return [
        { id: 'systemprompt.task.showLog', title: l10n.t('Show Log') },
        { id: 'systemprompt.task.restart', title: l10n.t('Restart') },
      ];
    case 'review':
      if (awaitsPick(task)) return [{ id: 'systemprompt.task.pickResult', title: l10n.t('Compare Results…') }];
      return [
        { id: 'systemprompt.task.review', title: l10n.t('Review Changes') },
        { id: 'systemprompt.task.merge', title: l10n.t('Merge…') },
      ];
    case 'completed':
      return [{ id: 'systemprompt.task.open', title: l10n.t('Open Task') }];
  }
}

function wanted(): readonly Outcome[] {
  return setting('systemprompt.notifications', outcomes);
}

async function leaveOut(outcome: Outcome): Promise<void> {
  const left = wanted().filter((other) => other !== outcome);
  const settings = vscode.workspace.getConfiguration();
  const { workspaceValue } = settings.inspect('systemprompt.notifications') ?? {};
  // A value of the workspace would hide the one of the person.
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const target = workspaceValue === undefined ? Global : Workspace;
  await settings.update('systemprompt.notifications', left, target);
}
