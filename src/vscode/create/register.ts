import * as vscode from 'vscode';

/** Offers the actions that create tasks in the files of the workspace. Their code loads on first use. */
export function registerCreateActions(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, { diagnostics }) {
      if (!vscode.workspace.isTrusted) return [];
      const { createActions } = await import('./create-actions.ts');
      return createActions(document, range, diagnostics);
    },
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, provider, kinds);
}
