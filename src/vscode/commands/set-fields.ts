import * as vscode from 'vscode';
import type { FieldName } from '../../webviews/kit/fact-schema.ts';
import { errorText } from '../feedback/errors.ts';
import { chooseDependency } from '../graph/choose-dependency.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { changeField } from '../task/fields/change-field.ts';
import { fieldLabel } from '../task/fields/field-text.ts';
import { pickField } from '../task/fields/pick-field.ts';
import { fieldsOf, type TaskFields, updateInput } from '../task/fields/task-fields.ts';
import type { CommandContext, Handler, TaskTarget } from './context.ts';
import { taskTarget, taskTargets } from './task-target.ts';

export const setPriority: Handler = (context, args) => setField(context, args, 'priority');
export const setAgent: Handler = (context, args) => setField(context, args, 'tool');
export const setProject: Handler = (context, args) => setField(context, args, 'project');
export const setLabels: Handler = (context, args) => setField(context, args, 'label');
export const setParent: Handler = (context, args) => setField(context, args, 'parentTask');

/** Asks for a task that this one waits for: the keyboard twin of dragging it onto another task. */
export const addDependency: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'task', l10n.t('Add Dependency…'));
  if (target !== undefined) await chooseDependency(target.folder, target.task.id, 'add');
};

/** Asks once for the value of a field, and sets it in all tasks. */
async function setField(context: CommandContext, args: readonly unknown[], name: FieldName): Promise<void> {
  const targets = await taskTargets(context, args, 'task', fieldLabel(name));
  const [first, ...others] = targets ?? [];
  if (targets === undefined || first === undefined) return;
  if (others.length === 0) return changeField(first.folder, first.task.id, name);
  const folders = new Set(targets.map(({ folder }) => folder));
  if (folders.size > 1 && name === 'parentTask') {
    throw new Error(l10n.t('The tasks are in several folders. A parent is in the folder of its parts.'));
  }
  const before = { ...fieldsOf(first.task), label: commonLabels(targets) };
  const change = await pickField(name, { folder: first.folder, fields: before, id: undefined });
  if (change === undefined) return;
  const input = change.label === undefined ? updateInput(change) : labelChange(before, change.label);
  if (input !== undefined) await updateAll(targets, input);
}

function commonLabels(targets: readonly TaskTarget[]): string[] {
  const [first, ...others] = targets.map(({ task }) => task.labels);
  return (first ?? []).filter((label) => others.every((labels) => labels.includes(label)));
}

/** Labels that only some of the tasks have stay. */
function labelChange({ label: before }: TaskFields, after: readonly string[]): object | undefined {
  const addLabel = after.filter((label) => !before.includes(label));
  const removeLabel = before.filter((label) => !after.includes(label));
  if (addLabel.length === 0 && removeLabel.length === 0) return undefined;
  return { ...(addLabel.length === 0 ? {} : { addLabel }), ...(removeLabel.length === 0 ? {} : { removeLabel }) };
}

/** Changes each task, and reports one result. */
async function updateAll(targets: readonly TaskTarget[], change: object): Promise<void> {
  const failed: string[] = [];
  for (const { folder, task } of targets) {
    try {
      await operate(folder, 'task.update', { task: task.id, ...change });
    } catch (error) {
      failed.push(errorText(error));
    }
  }
  const changed = l10n.t('Changed {0} of {1} tasks.', targets.length - failed.length, targets.length);
  if (failed.length === 0) {
    vscode.window.setStatusBarMessage(changed, 4_000);
    return;
  }
  void vscode.window.showWarningMessage(plainMessage([changed, ...failed.slice(0, 3)].join(' ')));
}
