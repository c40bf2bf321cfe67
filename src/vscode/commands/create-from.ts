import * as vscode from 'vscode';
import { textsSchema } from '../../webviews/new-task/protocol.ts';
import { partOf, pathOf } from '../create/file-part.ts';
import { textsOfFile, textsOfFiles, textsOfOutput } from '../create/task-texts.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';
import { openForm } from './new-task.ts';

/** Opens the form with the selection of the active editor, or its file. A code action passes the file and the texts. */
export const createFromEditor: Handler = async (context, [uri, given]) => {
  const { data: texts } = textsSchema.safeParse({ description: '', acceptance: '', ...Object(given) });
  if (uri instanceof vscode.Uri && texts !== undefined) return openForm(context, texts, uri);
  const editor = vscode.window.activeTextEditor;
  const path = editor && pathOf(editor.document.uri);
  if (editor === undefined || path === undefined)
    throw new Error(l10n.t('No file of the folder is open in an editor.'));
  const part = editor.selection.isEmpty ? undefined : partOf(editor.document, editor.selection);
  await openForm(context, textsOfFile(path, part), editor.document.uri);
};

/** Opens the form with the selected changes of the Source Control view. */
export const createFromChanges: Handler = async (context, args) => {
  const uris = args.flatMap((state) => resourceOf(state) ?? []);
  const paths = uris.flatMap((uri) => pathOf(uri) ?? []);
  if (paths.length === 0) throw new Error(l10n.t('No changed file of the folder is selected.'));
  await openForm(context, textsOfFiles(paths), uris[0]);
};

/** Opens the form with the selection of the active terminal, which the editor offers only through the clipboard. */
export const createFromTerminal: Handler = async (context) => {
  const text = await terminalSelection();
  if (text.trim() === '') throw new Error(l10n.t('No text is selected in the terminal.'));
  await openForm(context, textsOfOutput(text));
};

/** Leaves the text of the clipboard as it was. */
async function terminalSelection(): Promise<string> {
  const { clipboard } = vscode.env;
  const before = await clipboard.readText();
  try {
    await clipboard.writeText('');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    return await clipboard.readText();
  } finally {
    await clipboard.writeText(before);
  }
}

function resourceOf(state: unknown): vscode.Uri | undefined {
  const uri = typeof state === 'object' && state !== null && 'resourceUri' in state ? state.resourceUri : undefined;
  return uri instanceof vscode.Uri ? uri : undefined;
}
