import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { viewIds } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';
import { isTreeNode } from '../tree/node.ts';
import type { Handler } from './context.ts';
import { taskTarget, taskTargets } from './task-target.ts';

/** Shows the log of a task in a channel of the output panel. */
export const showLog: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'task', l10n.t('Show the log of a task'));
  if (target !== undefined) context.logs.show(target.folder, target.task);
};

/** Opens the page of a task. */
export const openTask: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'task', l10n.t('Open a task'));
  if (target !== undefined) (await context.tasks.get()).show({ folder: target.folder, id: target.task.id });
};

export const openTaskFile: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'task', l10n.t('Open the file of a task'));
  if (target === undefined) return;
  const file = target.folder.host?.store.maintenance?.taskFile(target.task.id);
  if (file === undefined) return;
  await vscode.window.showTextDocument(await openWhenWritten(vscode.Uri.file(file)), { preview: true });
};

export const copyId: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'task', l10n.t('Copy the id of a task'));
  if (targets === undefined) return;
  await vscode.env.clipboard.writeText(targets.map(({ task }) => task.id).join('\n'));
  vscode.window.setStatusBarMessage(
    l10n.t('Copied {0}', targets.map(({ task }) => `#${task.number}`).join(', ')),
    3_000,
  );
};

export const openApprovals: Handler = async () => {
  await vscode.commands.executeCommand(`${viewIds.approvals}.focus`);
};

export const openBoard: Handler = async ({ board }) => (await board.get()).show();

export const openMetrics: Handler = async ({ metrics }) => (await metrics.get()).show();

export const openGraph: Handler = async ({ graph }) => (await graph.get()).show();

/** Shows a task with the tasks around it in the graph. */
export const showInGraph: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'task', l10n.t('Show a task in the graph'));
  if (target !== undefined) (await context.graph.get()).show({ folder: target.folder, task: target.task.id });
};

export const showOutput: Handler = async ({ output }) => output.show();

export const allowModels: Handler = async ({ models }) => (await models.get()).allow();

/** Draws the tree again, reopens stores that failed to open and reads the changes of other processes. */
export const refresh: Handler = async ({ folders, provider }) => {
  for (const folder of folders.all) {
    if (folder.state.kind === 'failed') await folder.reopen();
    else await folder.host?.store.refresh();
  }
  provider.refresh();
};

export const showMore: Handler = async ({ provider }, [node]) => {
  if (isTreeNode(node) && node.kind === 'more') provider.showMore(node);
};

/** The store writes a task file shortly after the change, which is already durable in the journal. */
async function openWhenWritten(uri: vscode.Uri): Promise<vscode.TextDocument> {
  for (let tries = 0; ; tries += 1) {
    try {
      await vscode.workspace.fs.stat(uri);
      return await vscode.workspace.openTextDocument(uri);
    } catch (error) {
      if (tries === 20) throw error;
      await delay(100);
    }
  }
}
