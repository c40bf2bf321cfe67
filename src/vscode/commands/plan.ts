import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { pathOf } from '../create/file-part.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import type { PlanOrigin } from '../plans/plan-origin.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice, type ChoiceQuestion } from '../quick/input.ts';
import type { CommandContext, Handler } from './context.ts';
import { chooseFolder } from './new-task.ts';
import { taskTarget } from './task-target.ts';

/** Opens the fields of a template, then its tasks. */
export const planFromTemplate: Handler = async (context) => {
  const title = l10n.t('New Task from Template');
  const folder = await chooseFolder(context.folders, title);
  if (folder === undefined) return;
  const name = await askChoice<string>(
    { title },
    { placeholder: l10n.t('Choose a template'), choices: templateChoices(folder) },
  );
  if (typeof name === 'string') await show(context, folder, { kind: 'template', name });
};

/** Plans the tasks of a Markdown file: the named one, the one in the editor, or one that the person chooses. */
export const planFromSpec: Handler = async (context, [uri]) => {
  const title = l10n.t('Plan from Specification');
  const active = vscode.window.activeTextEditor?.document;
  const shown = active?.languageId === 'markdown' && active.uri.scheme === 'file' ? active.uri : undefined;
  const named = uri instanceof vscode.Uri ? uri : shown;
  const file = named ?? (await choosePlace(title, { filters: { Markdown: ['md', 'markdown', 'txt'] } }));
  if (file === undefined) return;
  const folder = await chooseFolder(context.folders, title, file);
  if (folder === undefined) return;
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === file.toString());
  // The plan is read from the disk.
  if (document?.isDirty === true && !(await document.save())) return;
  await show(context, folder, { kind: 'spec', file: pathOf(file) ?? file.fsPath });
};

/** Plans the tasks of another tool's file or folder, or of the issues on GitHub. */
export const planImport: Handler = async (context) => {
  const title = l10n.t('Import Tasks');
  const from = await askChoice<ImportPlace>({ title }, importPlaces());
  if (typeof from !== 'string') return;
  // On Windows and Linux, one dialog cannot offer both files and folders.
  const place = from === 'github' ? undefined : await choosePlace(title, from === 'folder' ? onlyFolders : {});
  if (place === undefined && from !== 'github') return;
  const folder = await chooseFolder(context.folders, title, place);
  if (folder === undefined) return;
  await show(context, folder, { kind: 'import', path: place === undefined ? 'github' : pathOf(place) || place.fsPath });
};

/** Suggests tasks from the state of the code. */
export const planFromCode: Handler = async (context) => {
  const folder = await chooseFolder(context.folders, l10n.t('Suggestions from Code'));
  if (folder !== undefined) await show(context, folder, { kind: 'code' });
};

/** Shows the parts of a task before it is split. */
export const splitTask: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'splittable', l10n.t('Split a task into parts'));
  if (target !== undefined) await show(context, target.folder, { kind: 'split', task: `#${target.task.number}` });
};

type ImportPlace = 'file' | 'folder' | 'github';

const onlyFolders = { canSelectFiles: false, canSelectFolders: true };

function importPlaces(): ChoiceQuestion<ImportPlace> {
  return {
    placeholder: l10n.t('Choose a source'),
    choices: Promise.resolve([
      {
        label: l10n.t('File…'),
        detail: 'Task Master, beads, Spec Kit, Kiro, OpenSpec, Markdown, JSON, CSV',
        value: 'file',
      },
      {
        label: l10n.t('Folder…'),
        detail: 'Task Master, Backlog.md, beads, Claude Code, Kiro',
        value: 'folder',
      },
      {
        label: l10n.t('GitHub Issues of This Repository'),
        detail: l10n.t('Through gh, with your login there'),
        value: 'github',
      },
    ]),
  };
}

async function show(context: CommandContext, folder: TaskFolder, origin: PlanOrigin): Promise<void> {
  // A store that cannot be opened is reported here; the page would stay empty.
  await folder.ready();
  (await context.plans.get()).show(folder, origin);
}

async function templateChoices(folder: TaskFolder) {
  const { templates } = await operate(folder, 'template.list', {});
  return templates.map(({ name, title, description, problem, origin }) => ({
    label: sanitizeLine(title),
    description: `${sanitizeLine(name)} · ${originText(origin)}`,
    ...detailOf(problem ?? description),
    value: name,
  }));
}

function detailOf(text: string | undefined): { readonly detail?: string } {
  return text === undefined ? {} : { detail: sanitizeLine(text) };
}

function originText(origin: 'workspace' | 'user' | 'built-in'): string {
  switch (origin) {
    case 'workspace':
      return l10n.t('workspace');
    case 'user':
      return l10n.t('yours');
    case 'built-in':
      return l10n.t('built in');
  }
}

async function choosePlace(title: string, options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: l10n.t('Preview'),
    ...options,
    ...(folder === undefined ? {} : { defaultUri: folder.uri }),
  });
  return chosen?.[0];
}
