import * as vscode from 'vscode';
import type { FieldName } from '../../../webviews/kit/fact-schema.ts';
import type { TaskFolder } from '../../folders/task-folder.ts';
import { l10n } from '../../present/l10n.ts';
import { updateTask } from '../update-task.ts';
import { emptyText, fieldLabel, fieldText } from './field-text.ts';
import { pickField } from './pick-field.ts';
import { changedMeanwhile, type FieldChange, fieldsOf, type TaskFields, updateInput } from './task-fields.ts';

/** Asks for a new value of a field and saves it. If the field has changed meanwhile, shows both values first. */
export async function changeField(folder: TaskFolder, taskId: string, name: FieldName): Promise<void> {
  const { store } = await folder.ready();
  let before = fieldsOf(store.resolve(taskId));
  const change = await pickField(name, { folder, fields: before, id: taskId });
  if (change === undefined) return;
  await updateTask(folder, taskId, async (task) => {
    const now = fieldsOf(task);
    const conflict = changedMeanwhile(before, now, change);
    if (conflict !== undefined && !(await overwrites(folder, conflict, now, change))) return undefined;
    before = now;
    return updateInput(change);
  });
}

async function overwrites(folder: TaskFolder, name: FieldName, now: TaskFields, change: FieldChange): Promise<boolean> {
  const find = (id: string) => folder.host?.store.view.byId(id);
  const words = (fields: TaskFields): string => fieldText(name, fields, find) ?? emptyText(name);
  const yes = l10n.t('Save Anyway');
  const detail = [
    l10n.t('Saved meanwhile: {0}', words(now)),
    l10n.t('Your value: {0}', words({ ...now, ...change })),
  ].join('\n');
  const question = l10n.t('{0} has changed.', fieldLabel(name));
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
