import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { errorWords } from '../feedback/errors.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Files that the question names. */
const NAMED = 15;

/** Asks for confirmation with the work to be lost and its recovery time, and then discards. */
export const discardWork: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'discardable', l10n.t('Discard the changes of a task'));
  if (target === undefined) return;
  const { folder, task } = target;
  // Without a confirmation, the operation changes nothing and lists the work to be lost.
  const files = await operate(folder, 'task.discard', { task: task.id }).then(() => [], lostFiles);
  const yes = l10n.t('Discard');
  const question = l10n.t('Discard the changes of task #{0} "{1}"?', task.number, sanitizeLine(task.title));
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: losses(files) }, yes);
  if (answer !== yes) return;
  const { ref } = await operate(folder, 'task.discard', { task: task.id, yes: true });
  const back = ref === null ? '' : ` ${l10n.t('To restore it within 30 days, run: {0}', `git branch NAME ${ref}`)}`;
  void vscode.window.showInformationMessage(
    plainMessage(`${l10n.t('Discarded the changes of task #{0}.', task.number)}${back}`),
  );
};

function lostFiles(error: unknown): string[] {
  const { details } = error as { readonly details?: { readonly files?: unknown } };
  if (errorWords(error).code !== 'NotConfirmed' || !Array.isArray(details?.files)) throw error;
  return details.files.map((file) => sanitizeLine(String(file)));
}

function losses(files: readonly string[]): string {
  const more = files.length - NAMED;
  return [
    files.length === 1 ? l10n.t('1 changed file:') : l10n.t('{0} changed files:', files.length),
    ...files.slice(0, NAMED),
    ...(more > 0 ? [l10n.t('… and {0} more', more)] : []),
    '',
    l10n.t('This removes the worktree and its branch. Git keeps the changes under a ref for 30 days.'),
  ].join('\n');
}
