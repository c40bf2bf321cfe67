import * as vscode from 'vscode';
import { shownWithin } from '../../core/task/work-path.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { approvalRow } from '../present/approval-row.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice } from '../quick/input.ts';
import { parseRequestUri } from '../requests/request-uri.ts';
import { isTreeNode } from '../tree/node.ts';
import type { CommandContext } from './context.ts';
import { namedTask, rowWasPressed } from './task-target.ts';

/**
 * The requests of a command: rows (of several only those that are requests), an editor that shows one, a link (folder,
 * task and approval), or a choice among the open ones. Undefined if the person cancels the choice. Includes decided
 * requests: the operation names the person who decided.
 */
export async function approvalTargets(
  context: CommandContext,
  args: readonly unknown[],
  what: string,
): Promise<PendingApproval[] | undefined> {
  const [first, second] = args;
  const rows = [first, ...(Array.isArray(second) ? second : [])].filter(isTreeNode);
  const nodes = [...new Set(rows.filter((node) => node.kind === 'approval'))];
  if (nodes.length > 0) {
    return nodes.map(({ parent, approval }) => ({ folder: parent.group.parent.folder, task: parent.task, approval }));
  }
  const link = linkOf(args);
  const found = link && (await find(context.folders.find(link.folder), link.task, link.approval));
  if (link !== undefined) return found === undefined ? pick([], what) : [found];
  const taskRows = new Set(rows.filter((node) => node.kind === 'task').map((node) => node.task.id));
  const wanted = typeof first === 'string' ? new Set([(await namedTask(context, first, second)).task.id]) : taskRows;
  const waiting = context.pending.list().filter(({ task }) => wanted.size === 0 || wanted.has(task.id));
  const known = wanted.size > 0 || rowWasPressed(args);
  return waiting.length === 1 && known ? waiting : pick(waiting, what);
}

async function pick(waiting: readonly PendingApproval[], what: string): Promise<PendingApproval[] | undefined> {
  if (waiting.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No pending requests.'));
    return undefined;
  }
  const choices = waiting.map((request) => {
    const { label, description } = approvalRow(
      request.approval,
      request.task.number,
      shownWithin(request.folder.path, request.task),
    );
    return { label, description: `#${request.task.number} · ${description}`, value: request };
  });
  const chosen = await askChoice(
    { title: what },
    { placeholder: l10n.t('Choose a request'), choices: Promise.resolve(choices) },
  );
  return typeof chosen === 'object' ? [chosen] : undefined;
}

function linkOf([first, second, third]: readonly unknown[]):
  | { folder: string; task: string; approval: string }
  | undefined {
  if (first instanceof vscode.Uri) return parseRequestUri(first);
  if (typeof first !== 'string' || typeof second !== 'string' || typeof third !== 'string') return undefined;
  return { folder: first, task: second, approval: third };
}

async function find(
  folder: TaskFolder | undefined,
  taskId: string,
  approvalId: string,
): Promise<PendingApproval | undefined> {
  const task = folder === undefined ? undefined : (await folder.ready()).store.view.byId(taskId);
  const approval = task?.approvals.find((candidate) => candidate.id === approvalId);
  return folder === undefined || task === undefined || approval === undefined ? undefined : { folder, task, approval };
}
