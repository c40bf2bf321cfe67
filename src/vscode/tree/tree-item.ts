import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { operate } from '../operate.ts';
import { approvalRow } from '../present/approval-row.ts';
import { l10n } from '../present/l10n.ts';
import { plainMarkdown } from '../present/markdown.ts';
import { storeTooltip } from '../present/store-tooltip.ts';
import { type Icon, type RowContext, taskRow } from '../present/task-row.ts';
import { taskTooltip } from '../present/task-tooltip.ts';
import { statusWord } from '../present/words.ts';
import { type ApprovalNode, type FolderNode, type GroupNode, type MoreNode, PAGE, type TaskNode } from './node.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Groups of ended tasks start collapsed, so that tasks that need a person stay visible. */
const closedAtFirst: ReadonlySet<string> = new Set(['completed', 'cancelled']);

export function folderItem({ folder }: FolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(folder.name, Expanded);
  item.id = idOf(folder.path);
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = 'folder';
  // An open one has a longer tooltip, computed on hover.
  if (folder.state.kind !== 'ready') item.tooltip = folder.path;
  if (folder.state.kind === 'failed') item.description = l10n.t('cannot be opened');
  if (folder.state.kind === 'absent') item.description = l10n.t('no tasks yet');
  return item;
}

export function groupItem({ parent, status }: GroupNode, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(statusWord(status), closedAtFirst.has(status) ? Collapsed : Expanded);
  item.id = idOf(parent.folder.path, status);
  item.description = count.toLocaleString();
  item.contextValue = `group ${status}`;
  item.accessibilityInformation = {
    label:
      count === 1
        ? l10n.t('{0}, 1 task', statusWord(status))
        : l10n.t('{0}, {1} tasks', statusWord(status), count.toLocaleString()),
  };
  return item;
}

/** Without the tooltip, which is created on hover. */
export function taskItem(node: TaskNode, context: RowContext): vscode.TreeItem {
  const { parent, task } = node;
  const row = taskRow(task, context);
  const item = new vscode.TreeItem(row.label, row.asks.length > 0 ? Expanded : None);
  // The editor stores the expanded state by id: a separate id lets a row with a new request expand automatically.
  item.id = idOf(parent.parent.folder.path, task.id, ...(row.asks.length > 0 ? ['asks'] : []));
  item.description = row.description;
  item.iconPath = themeIcon(row.icon);
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.spoken };
  item.command = command('systemprompt.task.open', l10n.t('Open Task'), node);
  return item;
}

export function approvalItem(node: ApprovalNode): vscode.TreeItem {
  const { parent, approval } = node;
  const folder = parent.parent.parent.folder.path;
  const row = approvalRow(approval, parent.task.number, folder);
  const item = new vscode.TreeItem(row.label, None);
  item.id = idOf(folder, parent.task.id, approval.id);
  item.description = row.description;
  item.iconPath = themeIcon(row.icon);
  item.contextValue = parent.task.workspace === undefined ? row.contextValue : `${row.contextValue} ofWorktree`;
  item.accessibilityInformation = { label: row.spoken };
  item.command = command('systemprompt.approval.show', l10n.t('Show Request'), node);
  return item;
}

export function moreItem(node: MoreNode, hidden: number): vscode.TreeItem {
  const { parent } = node;
  const item = new vscode.TreeItem(l10n.t('Show {0} More…', Math.min(PAGE, hidden)), None);
  item.id = idOf(parent.parent.folder.path, parent.status, 'more');
  item.description = l10n.t('{0} not shown', hidden.toLocaleString());
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'more';
  item.command = command('systemprompt.tasks.showMore', l10n.t('Show More Tasks'), node);
  return item;
}

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

function themeIcon({ id, color }: Icon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

function command(id: CommandId, title: string, ...args: unknown[]): vscode.Command {
  return { command: id, title, arguments: args };
}

function idOf(...parts: string[]): string {
  return parts.join('\n');
}
