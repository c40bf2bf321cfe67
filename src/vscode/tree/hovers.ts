import * as vscode from 'vscode';
import { operate } from '../operate.ts';
import { plainMarkdown } from '../present/markdown.ts';
import { storeTooltip } from '../present/store-tooltip.ts';
import type { RowContext } from '../present/task-row.ts';
import { taskTooltip } from '../present/task-tooltip.ts';
import type { ApprovalNode, FolderNode, TaskNode } from './node.ts';

export function taskHover({ task }: TaskNode, context: RowContext): vscode.MarkdownString {
  return hover(taskTooltip(task, context));
}

export function approvalHover({ approval }: ApprovalNode): vscode.MarkdownString {
  const command = approval.detail?.command;
  return hover([approval.title, ...(command === undefined ? [] : [command])].map(plainMarkdown).join('\n\n'));
}

/** Counts and sizes of a folder's tasks; only its path if they are unknown. */
export async function storeHover({ folder }: FolderNode): Promise<vscode.MarkdownString> {
  try {
    return hover(storeTooltip(await operate(folder, 'status', {})));
  } catch {
    return hover(plainMarkdown(folder.path));
  }
}

/** Texts of tasks and agents are shown, never trusted: no links to commands, no HTML, no icons. */
function hover(markdown: string): vscode.MarkdownString {
  const shown = new vscode.MarkdownString(markdown, false);
  shown.isTrusted = false;
  shown.supportHtml = false;
  return shown;
}
