import * as vscode from 'vscode';
import { textStep } from '../../core/next-step.ts';
import type { Texts } from '../../webviews/new-task/protocol.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice } from '../quick/input.ts';
import type { CommandContext, Handler } from './context.ts';

/** Opens the form for a new task. */
export const newTask: Handler = (context) => openForm(context, {});

/**
 * Opens the form with these texts, in the folder that contains a resource if one is named.
 *
 * @throws Error `Untrusted` in a restricted window, and the error of a store that cannot be opened
 */
export async function openForm(context: CommandContext, texts: Partial<Texts>, near?: vscode.Uri): Promise<void> {
  const folder = await chooseFolder(context.folders, l10n.t('New Task'), near);
  if (folder === undefined) return;
  // A store that cannot be opened is reported here; the form would stay empty.
  await folder.ready();
  (await context.newTasks.get()).show(folder, texts);
}

/**
 * The folder of new tasks: the only one, the one that contains a resource, or one that the person chooses.
 *
 * @throws Error `Untrusted` in a restricted window
 */
export async function chooseFolder(
  folders: TaskFolders,
  title: string,
  near?: vscode.Uri,
): Promise<TaskFolder | undefined> {
  if (!vscode.workspace.isTrusted) {
    throw Object.assign(new Error(l10n.t('You cannot create tasks in Restricted Mode.')), {
      code: 'Untrusted',
      next: [textStep(l10n.t('Trust the folder first.'))],
    });
  }
  return folderOf(folders, near) ?? (await askFolder(folders.all, title));
}

function folderOf(folders: TaskFolders, near: vscode.Uri | undefined): TaskFolder | undefined {
  const { all } = folders;
  if (all.length === 1) return all[0];
  const place = near === undefined ? undefined : vscode.workspace.getWorkspaceFolder(near);
  return place === undefined ? undefined : folders.find(place.uri.fsPath);
}

async function askFolder(folders: readonly TaskFolder[], title: string): Promise<TaskFolder | undefined> {
  const folder = await askChoice<TaskFolder>(
    { title },
    {
      placeholder: l10n.t('Choose a folder'),
      choices: Promise.resolve(folders.map((value) => ({ label: value.name, description: value.path, value }))),
    },
  );
  return typeof folder === 'object' ? folder : undefined;
}
