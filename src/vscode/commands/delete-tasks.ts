import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import type { Handler, TaskTarget } from './context.ts';
import { byFolder, taskTargets } from './task-target.ts';

/** Asks for confirmation with the work to be lost, and then deletes. */
export const deleteTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'task', l10n.t('Delete a task'));
  const [first, ...others] = targets ?? [];
  if (targets === undefined || first === undefined) return;
  const question =
    others.length === 0
      ? l10n.t('Delete task #{0} "{1}"?', first.task.number, sanitizeLine(first.task.title))
      : l10n.t('Delete {0} tasks?', targets.length);
  const yes = l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: await losses(targets) }, yes);
  if (answer !== yes) return;
  const kept: string[] = [];
  for (const [folder, tasks] of byFolder(targets)) kept.push(...(await operate(folder, 'task.delete', { tasks })).kept);
  if (kept.length > 0) void vscode.window.showInformationMessage(plainMessage(kept.join(' ')));
};

async function losses(targets: readonly TaskTarget[]): Promise<string> {
  let [entries, runs, dependents] = [0, 0, 0];
  for (const { folder, task } of targets) {
    const { store } = await folder.ready();
    entries += (await store.getTask(task.id))?.log_count ?? 0;
    runs += task.executions.length;
    for (const other of store.view.dependents(task.id)) if (other.status !== 'completed') dependents += 1;
  }
  const names =
    targets.length === 1 ? [] : targets.slice(0, 10).map(({ task }) => `#${task.number} ${sanitizeLine(task.title)}`);
  return [
    ...names,
    ...(targets.length > names.length && names.length > 0
      ? [l10n.t('… and {0} more', targets.length - names.length)]
      : []),
    l10n.t('Permanently deleted: {0} log entries, {1} executions, and the result.', entries, runs),
    ...(dependents === 0 ? [] : [l10n.t('Dependent tasks that will be blocked: {0}.', dependents)]),
    l10n.t('Files changed by agents stay as they are. Git keeps unmerged changes of worktrees for 30 days.'),
  ].join('\n');
}
