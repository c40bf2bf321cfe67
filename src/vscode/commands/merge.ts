import * as vscode from 'vscode';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { SettingValues } from '../contributions.ts';
import { errorWords } from '../feedback/errors.ts';
import { withSteps } from '../feedback/steps.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { askChoice } from '../quick/input.ts';
import { setting } from '../register.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

type Form = SettingValues['systemprompt.mergeAs'];
const forms: readonly Form[] = ['merge', 'squash', 'patch'];

/** Asks how, with the form of the settings first. A caller may give the form as the third argument. */
export const mergeWork: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'mergeable', l10n.t('Merge the changes of a task'));
  if (target === undefined) return;
  const { folder, task } = target;
  const form = forms.find((known) => known === args[2]) ?? (await askForm(task));
  if (form === undefined) return;
  await mergeWithDependencies(folder, task, form);
};

async function askForm(task: TaskRecord): Promise<Form | undefined> {
  const usual = setting('systemprompt.mergeAs', 'merge');
  const choices = {
    merge: { label: `$(git-merge) ${l10n.t('Merge')}`, detail: l10n.t('Merge the commits'), value: 'merge' },
    squash: { label: `$(git-commit) ${l10n.t('Squash')}`, detail: l10n.t('Merge as one commit'), value: 'squash' },
    patch: {
      label: `$(diff) ${l10n.t('Patch')}`,
      detail: l10n.t('Apply as uncommitted changes, even to files that you have changed'),
      value: 'patch',
    },
  } as const;
  const chosen = await askChoice<Form>(
    { title: l10n.t('Merge #{0} {1}', task.number, sanitizeLine(task.title)) },
    {
      placeholder: l10n.t('Choose how to merge. Your own changes are never touched.'),
      choices: Promise.resolve(forms.map((form) => choices[form])),
      selected: (form) => form === usual,
    },
  );
  return typeof chosen === 'string' ? chosen : undefined;
}

/** Merges. Where the task builds on unmerged results, one dialog lists them all and one call merges them in order. */
async function mergeWithDependencies(folder: TaskFolder, task: TaskRecord, form: Form): Promise<void> {
  try {
    report(task, await mergeNow(folder, task, form, false));
  } catch (error) {
    const first = await openDependencies(folder, error);
    if (first.length === 0) throw error;
    const names = first.map(({ number, title }) => `#${number} ${sanitizeLine(title)}`);
    const yes = l10n.t('Merge All');
    const detail = [l10n.t('Not merged yet; these are merged first:'), ...names].join('\n');
    const question = l10n.t('#{0} depends on unmerged changes of other tasks. Merge them too?', task.number);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
    report(task, await mergeNow(folder, task, form, true));
  }
}

async function openDependencies(folder: TaskFolder, error: unknown): Promise<TaskRecord[]> {
  const { code } = errorWords(error);
  const { details } = error as { readonly details?: { readonly tasks?: unknown } };
  if (code !== 'MergeRefused' || !Array.isArray(details?.tasks)) return [];
  const { view } = (await folder.ready()).store;
  return details.tasks.flatMap((id) => view.byId(String(id)) ?? []);
}

type Merged = OutputOf<'task.merge'>;

async function mergeNow(folder: TaskFolder, task: TaskRecord, form: Form, withDependencies: boolean): Promise<Merged> {
  const title = l10n.t('Merging #{0} {1}', task.number, sanitizeLine(task.title));
  const forms = { squash: form === 'squash', patch: form === 'patch' };
  return withSteps(title, withDependencies, (options) =>
    operate(folder, 'task.merge', { task: task.id, ...forms, withDependencies }, options),
  );
}

/** One message for all merged tasks. */
function report(task: TaskRecord, { files, kept, before, stopped }: Merged): void {
  if (stopped !== null) {
    void vscode.window.showInformationMessage(l10n.t('Merged {0} of {1} tasks; stopped.', stopped.done, stopped.total));
    return;
  }
  const count = new Set([...before.flatMap((one) => one.files), ...files]).size;
  const numbers = [...before.map(({ number }) => number), task.number].map((number) => `#${number}`).join(', ');
  const done =
    before.length > 0
      ? l10n.t('Merged tasks {0}: {1} files.', numbers, count)
      : files.length === 1
        ? l10n.t('Merged task #{0}: 1 file.', task.number)
        : l10n.t('Merged task #{0}: {1} files.', task.number, files.length);
  const stays = kept === null ? '' : ` ${l10n.t('Its worktree was kept: {0}.', kept)}`;
  void vscode.window.showInformationMessage(plainMessage(`${done}${stays}`));
}
