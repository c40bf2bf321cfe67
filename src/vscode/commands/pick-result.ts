import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { entrantText } from '../present/race-text.ts';
import { askChoice } from '../quick/input.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

type Entrant = OutputOf<'task.race.show'>['entrants'][number];

/** Shows the entrants of a race beside each other. The person opens the changes of one, or picks its result. */
export const pickResult: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'pickable', l10n.t('Compare the results of a race'));
  if (target === undefined) return;
  const { folder, task } = target;
  const title = l10n.t('Compare the results of task #{0} {1}', task.number, sanitizeLine(task.title));
  const choices = operate(folder, 'task.race.show', { task: task.id }).then(({ entrants }) =>
    entrants.map((entrant) => ({ ...entrantText(entrant), value: entrant })),
  );
  const entrant = await askChoice<Entrant>({ title }, { placeholder: l10n.t('Choose a result'), choices });
  if (typeof entrant !== 'object') return;
  const next = await askNext(entrant);
  if (next === 'review') {
    await vscode.commands.executeCommand('systemprompt.task.review', entrant.id, folder.path);
    return;
  }
  if (next !== 'pick') return;
  const { branch } = await operate(folder, 'task.race.pick', { task: entrant.id });
  if (branch === null) return;
  const merge = l10n.t('Merge…');
  const message = l10n.t('Picked the result of task #{0}.', entrant.number);
  if ((await vscode.window.showInformationMessage(message, merge)) !== merge) return;
  await vscode.commands.executeCommand('systemprompt.task.merge', task.id, folder.path);
};

/** A modal question, because picking cancels and discards the work of the others. */
async function askNext({ number, title, pickable, changes }: Entrant): Promise<'review' | 'pick' | undefined> {
  const pick = l10n.t('Pick Result');
  const review = l10n.t('Review Changes');
  const question = l10n.t('Pick the result of task #{0} "{1}"?', number, sanitizeLine(title));
  const detail = pickable
    ? l10n.t('Entrants that still work are cancelled. Git keeps the other results under refs for 30 days.')
    : l10n.t('It has no result that can be picked.');
  const buttons = [...(pickable ? [pick] : []), ...(changes === null ? [] : [review])];
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
  if (answer === pick) return 'pick';
  return answer === review ? 'review' : undefined;
}
