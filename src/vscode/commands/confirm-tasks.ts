import * as vscode from 'vscode';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { confirmText } from '../present/confirm-text.ts';
import { l10n } from '../present/l10n.ts';
import { confirmUri } from '../requests/request-uri.ts';
import type { CommandContext, Handler } from './context.ts';
import { byFolder, taskTargets } from './task-target.ts';

/** A dialog shows this much; longer content opens in the editor, so that a person reads all that they confirm. */
const DIALOG_LINES = 30;
const DIALOG_CHARS = 2_000;

/**
 * Shows the scripts and prompts of imported tasks, those of the rows or all of the window, and asks for confirmation.
 */
export const confirmTasks: Handler = async (context, args) => {
  let asked = false;
  for (const [folder, tasks] of await chosen(context, args)) asked = (await confirmTasksOf(folder, tasks)) || asked;
  if (!asked) await vscode.window.showInformationMessage(l10n.t('No tasks need confirmation here.'));
};

async function chosen(
  context: CommandContext,
  args: readonly unknown[],
): Promise<Iterable<[TaskFolder, string[] | undefined]>> {
  if (args.length > 0) {
    const targets = await taskTargets(context, args, 'confirmable', l10n.t('Confirm a task'));
    if (targets === undefined) throw new vscode.CancellationError();
    return byFolder(targets);
  }
  const open = context.folders.all.filter(({ state }) => state.kind !== 'absent');
  return open.map((folder): [TaskFolder, undefined] => [folder, undefined]);
}

/** @throws TaskError `ChangedSinceShown` if a task has changed while the person read it */
async function confirmTasksOf(folder: TaskFolder, references: string[] | undefined): Promise<boolean> {
  const input = references === undefined ? {} : { tasks: references };
  const shown = await operate(folder, 'task.confirm', input);
  if (shown.digest === null) return false;
  const { length: count } = shown.tasks;
  const question =
    count === 0
      ? l10n.t('Allow the queue that was started on another machine to run?')
      : count === 1
        ? l10n.t('Allow 1 task from outside to run?')
        : l10n.t('Allow {0} tasks from outside to run?', count);
  const text = confirmText(shown);
  const short = text.length <= DIALOG_CHARS && text.split('\n').length <= DIALOG_LINES;
  const words = l10n.t('Its author is unknown. It would run with your permissions.');
  const allow = l10n.t('Allow on This Machine');
  if (!short) await vscode.window.showTextDocument(confirmUri(folder.path, references), { preview: true });
  const answer = short
    ? await vscode.window.showWarningMessage(question, { modal: true, detail: `${text}\n\n${words}` }, allow)
    : await vscode.window.showWarningMessage(
        `${question} ${l10n.t('The editor shows the content.')} ${words}`,
        allow,
        l10n.t('Not Now'),
      );
  if (answer === allow) await operate(folder, 'task.confirm', { ...input, digest: shown.digest });
  return true;
}
