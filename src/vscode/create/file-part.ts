import * as vscode from 'vscode';
import type { FilePart } from './task-texts.ts';

/** The whole lines of a range, in a file of the workspace; undefined for another document. */
export function partOf(document: vscode.TextDocument, range: vscode.Range): FilePart | undefined {
  const path = pathOf(document.uri);
  if (path === undefined) return undefined;
  const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
  const lines = new vscode.Range(range.start.line, 0, last, document.lineAt(last).text.length);
  return {
    path,
    from: range.start.line + 1,
    to: last + 1,
    code: document.getText(lines),
    language: document.languageId,
  };
}

/** The path of a file in its workspace folder, with slashes. */
export function pathOf(uri: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined || uri.scheme !== 'file') return undefined;
  return uri.path.slice(folder.uri.path.length + 1);
}
