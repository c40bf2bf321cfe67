import * as vscode from 'vscode';
import type { CodeProblem } from '../../core/analysis/problems.ts';

const MAX_PROBLEMS = 5_000;

/** Errors and warnings that the language tools of the editor report in the files of a folder. */
export function problemsOf(folder: string): CodeProblem[] {
  const found: CodeProblem[] = [];
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    const place = vscode.workspace.getWorkspaceFolder(uri);
    if (uri.scheme !== 'file' || place?.uri.fsPath !== folder) continue;
    const path = uri.path.slice(place.uri.path.length + 1);
    for (const { severity, message, source = '', range } of diagnostics) {
      if (severity !== vscode.DiagnosticSeverity.Error && severity !== vscode.DiagnosticSeverity.Warning) continue;
      found.push({
        path,
        line: range.start.line + 1,
        message,
        severity: severity === vscode.DiagnosticSeverity.Error ? 'error' : 'warning',
        source,
      });
      if (found.length >= MAX_PROBLEMS) return found;
    }
  }
  return found;
}
