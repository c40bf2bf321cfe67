import * as vscode from 'vscode';
import { shownWithin } from '../../core/task/work-path.ts';
import type { CommandId } from '../contributions.ts';
import { approvalRow } from '../present/approval-row.ts';
import { l10n } from '../present/l10n.ts';
import { type Icon, type RowContext, taskRow } from '../present/task-row.ts';
import { groupWord } from '../present/words.ts';
import { type ApprovalNode, type FolderNode, type GroupNode, type MoreNode, PAGE, type TaskNode } from './node.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Groups of ended tasks start collapsed, so that tasks that need a person stay visible. */
const closedAtFirst: ReadonlySet<string> = new Set(['completed', 'cancelled']);

export function folderItem({ folder }: FolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(folder.name, Expanded);
  item.id = idOf(folder.path);
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = folder.isPlaying ? 'folder playing' : folder.host === undefined ? 'folder' : 'folder waiting';
  // An open one has a longer tooltip, computed on hover.
  if (folder.state.kind !== 'ready') item.tooltip = folder.path;
  if (folder.state.kind === 'failed') item.description = l10n.t('cannot be opened');
  if (folder.isPlaying) item.description = l10n.t('queue playing');
  if (folder.state.kind === 'absent') item.description = l10n.t('no tasks yet');
  return item;
}

export function groupItem({ parent, key }: GroupNode, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(groupWord(key), closedAtFirst.has(key) ? Collapsed : Expanded);
  item.id = idOf(parent.folder.path, key);
  item.description = count.toLocaleString();
  item.contextValue = `group ${key}`;
  item.accessibilityInformation = {
    label:
      count === 1
        ? l10n.t('{0}, 1 task', groupWord(key))
        : l10n.t('{0}, {1} tasks', groupWord(key), count.toLocaleString()),
  };
  return item;
}

/** Without the tooltip, which is created on hover. */
export function taskItem(node: TaskNode, context: RowContext, hasParts: boolean): vscode.TreeItem {
  const { group, task } = node;
  const row = taskRow(task, context);
  const state = row.asks.length > 0 ? Expanded : hasParts ? Collapsed : None;
  const item = new vscode.TreeItem(row.label, state);
  // The editor stores the expanded state by id: a separate id lets a row with a new request expand automatically.
  item.id = idOf(group.parent.folder.path, ...scopeOf(group), task.id, ...(row.asks.length > 0 ? ['asks'] : []));
  item.description = row.description;
  item.iconPath = themeIcon(row.icon);
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.spoken };
  item.command = command('systemprompt.task.open', l10n.t('Open Task'), node);
  return item;
}

export function approvalItem(node: ApprovalNode): vscode.TreeItem {
  const { parent, approval } = node;
  const folder = parent.group.parent.folder.path;
  const row = approvalRow(approval, parent.task.number, shownWithin(folder, parent.task));
  const item = new vscode.TreeItem(row.label, None);
  item.id = idOf(folder, ...scopeOf(parent.group), parent.task.id, approval.id);
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
  item.id = idOf(parent.parent.folder.path, parent.key, 'more');
  item.description = l10n.t('{0} not shown', hidden.toLocaleString());
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'more';
  item.command = command('systemprompt.tasks.showMore', l10n.t('Show More Tasks'), node);
  return item;
}

/** A task can stand in several groups with a name, and keeps its id when it moves between the others. */
function scopeOf({ key }: GroupNode): string[] {
  return key.includes(':') ? [key] : [];
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
