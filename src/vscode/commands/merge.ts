import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { SettingValues } from '../contributions.ts';
import { withSteps } from '../feedback/steps.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import { askChoice } from '../quick/input.ts';
import { setting } from '../register.ts';
import type { Handler } from './context.ts';
import { byFolder, taskTargets } from './task-target.ts';

type Form = SettingValues['systemprompt.mergeAs'];
type Merged = OutputOf<'task.merge'>;
/** A task that is merged, by the names of the operation. */
type Named = Merged['remaining'][number];

const forms: readonly Form[] = ['merge', 'squash', 'patch'];
/** Tasks that the dialog names. */
const NAMED = 20;

/** Merges the selected tasks. Asks how, with the form of the settings first. A caller may give the form as the third argument. */
export const mergeWork: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'mergeable', l10n.t('Merge the changes of a task'));
  for (const [folder, ids] of byFolder(targets ?? [])) await mergeAll(folder, ids, args[2]);
};

/** Merges in the order of dependencies. One dialog lists all tasks if there are several; one call merges them. */
async function mergeAll(folder: TaskFolder, [task = '', ...more]: readonly string[], given: unknown): Promise<void> {
  const tasks = { task, more, withDependencies: true };
  const { remaining: order } = await operate(folder, 'task.merge', { ...tasks, dryRun: true });
  const title =
    order.length === 1 ? l10n.t('Merge {0}', order.map(nameOf).join('')) : l10n.t('Merge {0} tasks', order.length);
  const form = forms.find((known) => known === given) ?? (await askForm(folder, title));
  if (form === undefined) return;
  if (order.length > 1 && !(await confirmOrder(order, new Set([task, ...more])))) return;
  const input = { ...tasks, squash: form === 'squash', patch: form === 'patch' };
  report(await withSteps(title, order.length > 1, (options) => operate(folder, 'task.merge', input, options)), order);
}

async function askForm(folder: TaskFolder, title: string): Promise<Form | undefined> {
  const usual = setting('systemprompt.mergeAs', 'merge', folder.folder.uri);
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
    { title },
    {
      placeholder: l10n.t('Choose how to merge. Your own changes are never touched.'),
      choices: Promise.resolve(forms.map((form) => choices[form])),
      selected: (form) => form === usual,
    },
  );
  return typeof chosen === 'string' ? chosen : undefined;
}

/** Shows the tasks in the order of their merges, and marks those that the person did not choose. */
async function confirmOrder(order: readonly Named[], chosen: ReadonlySet<string>): Promise<boolean> {
  const lines = order.slice(0, NAMED).map((task) => {
    return chosen.has(task.id) ? nameOf(task) : l10n.t('{0} (a dependency)', nameOf(task));
  });
  const more = order.length > NAMED ? [l10n.t('and {0} more', order.length - NAMED)] : [];
  const detail = [
    ...lines,
    ...more,
    '',
    l10n.t('If one of them cannot be merged, the ones before it stay merged and the others wait.'),
  ].join('\n');
  const yes = l10n.t('Merge All');
  const question = l10n.t('Merge {0} tasks in this order?', order.length);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

/** One message for all merged tasks, with the tasks that remain. */
function report({ task, files, kept, before, remaining, stopped }: Merged, order: readonly Named[]): void {
  const merged = order.length - remaining.length;
  const numbers = order.slice(0, merged).map(({ number }) => `#${number}`);
  const count = new Set([...before.flatMap((one) => one.files), ...files]).size;
  const done =
    merged === 0
      ? l10n.t('Nothing was merged.')
      : order.length > 1
        ? l10n.t('Merged tasks {0}: {1} files.', numbers.join(', '), count)
        : files.length === 1
          ? l10n.t('Merged task #{0}: 1 file.', task.number)
          : l10n.t('Merged task #{0}: {1} files.', task.number, files.length);
  const left =
    stopped === null ? [] : [l10n.t('Not merged: {0}.', remaining.map(({ number }) => `#${number}`).join(', '))];
  const stays = kept === null ? [] : [l10n.t('Its worktree was kept: {0}.', kept)];
  void vscode.window.showInformationMessage(plainMessage([done, ...left, ...stays].join(' ')));
}

function nameOf({ number, title }: Named): string {
  return `#${number} ${sanitizeLine(title)}`;
}
