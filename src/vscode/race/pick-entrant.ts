import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';

/**
 * Picks the result of an entrant after a modal question, because picking cancels and discards the work of the others.
 *
 * @throws Error if it is no longer an entrant that can be picked: a page may be outdated
 */
export async function pickEntrant(folder: TaskFolder, race: string, id: string): Promise<void> {
  const { entrants } = await operate(folder, 'task.race.show', { task: race });
  const entrant = entrants.find((each) => each.id === id);
  if (entrant?.pickable !== true) throw new Error(l10n.t('This is no longer possible: the task has changed.'));
  const { number, title } = entrant;
  const pick = l10n.t('Pick Result');
  const question = l10n.t('Pick the result of task #{0} "{1}"?', number, sanitizeLine(title));
  const detail = l10n.t('Entrants that still work are cancelled. Git keeps the other results under refs for 30 days.');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, pick)) !== pick) return;
  await operate(folder, 'task.race.pick', { task: id });
}
