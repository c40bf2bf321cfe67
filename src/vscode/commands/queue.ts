import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';

/** Tasks that are shown at once. */
const SHOWN = 10;

/** The queues of all folders of the window that have tasks. */
export const playQueue: Handler = async ({ folders }) => {
  for (const folder of folders.all) if (folder.state.kind !== 'absent') await operate(folder, 'queue.play', {});
};

export const pauseQueue: Handler = async ({ folders }) => {
  for (const folder of folders.all) if (folder.isPlaying) await operate(folder, 'queue.pause', {});
};

/** Shows the imported queued tasks of each folder and lets the person confirm them. */
export const confirmTasks: Handler = async ({ folders }) => {
  let asked = false;
  for (const folder of folders.all) asked = (await confirmTasksOf(folder)) || asked;
  if (!asked) await vscode.window.showInformationMessage(l10n.t('No tasks need confirmation here.'));
};

async function confirmTasksOf(folder: TaskFolder): Promise<boolean> {
  if (folder.host?.importedTasks === undefined) return false;
  const { next, waiting } = await operate(folder, 'queue.status', {});
  // Another process may have confirmed them since; the operation reads that.
  const came = folder.host?.importedTasks;
  if (came === undefined) return false;
  const run = l10n.t('Run Tasks');
  const look = l10n.t('Show Tasks');
  const lines = [...next, ...waiting].slice(0, SHOWN).map(({ number, title }) => sanitizeLine(`#${number} ${title}`));
  const more = came.tasks > lines.length ? ['…'] : [];
  const words = l10n.t('The author of this folder wrote their instructions. They run with your permissions.');
  const answer = await vscode.window.showWarningMessage(
    came.tasks === 1
      ? l10n.t('Run 1 task that was queued on another machine?')
      : l10n.t('Run {0} tasks that were queued on another machine?', came.tasks),
    { modal: true, detail: [...lines, ...more, '', words].join('\n') },
    run,
    look,
  );
  if (answer === run) await operate(folder, 'queue.confirm', {});
  if (answer === look) await vscode.commands.executeCommand('systemprompt.tasks.focus');
  return true;
}
