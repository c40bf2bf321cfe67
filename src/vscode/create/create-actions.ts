import * as vscode from 'vscode';
import type { Texts } from '../../webviews/new-task/protocol.ts';
import type { CommandId } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';
import { partOf } from './file-part.ts';
import { textsOfProblem, textsOfTodo, todoIn } from './task-texts.ts';

const command: CommandId = 'systemprompt.task.createFromEditor';

/** Actions that create a task from a problem or from a TODO comment. */
export function createActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const actions = diagnostics.flatMap((problem) => {
    const part = partOf(document, problem.range);
    if (part === undefined) return [];
    const texts = textsOfProblem(part, problem.message, problem.source ?? '');
    const action = actionOf(document, texts, l10n.t('Create Task to Fix This…'));
    action.diagnostics = [problem];
    return [action];
  });
  const line = document.lineAt(range.start.line);
  const words = todoIn(line.text);
  const part = words === undefined ? undefined : partOf(document, line.range);
  if (words === undefined || part === undefined) return actions;
  return [...actions, actionOf(document, textsOfTodo(part, words), l10n.t('Create Task from Comment…'))];
}

function actionOf({ uri }: vscode.TextDocument, texts: Partial<Texts>, title: string): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command, title, arguments: [uri, texts] };
  return action;
}
