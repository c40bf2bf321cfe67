import { isRecord } from '../../core/is-record.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';
import { byFolder, taskTargets } from './task-target.ts';

/** True for the button with which the person accepts a cost limit that cannot be counted. */
function accepted([, , options]: readonly unknown[]): { uncounted?: true } {
  return isRecord(options) && options.uncounted === true ? { uncounted: true } : {};
}

/** Commands that apply one operation to all their tasks. */
export const startTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'startable', l10n.t('Start a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) {
    await operate(folder, 'task.start', { tasks, ...accepted(args) });
  }
};

export const cancelTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'cancellable', l10n.t('Cancel a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.cancel', { tasks });
};

export const completeTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'completable', l10n.t('Complete a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.complete', { tasks });
};

export const restartTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'restartable', l10n.t('Restart a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) {
    await operate(folder, 'task.restart', { tasks, ...accepted(args) });
  }
};

/** Stops the agents for now. Starting the tasks again resumes their sessions. */
export const pauseTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'pausable', l10n.t('Pause a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.pause', { tasks });
};

/** Creates pending copies, and selects the last one. */
export const duplicateTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'task', l10n.t('Duplicate a task'));
  for (const { folder, task } of targets ?? []) {
    const copy = await operate(folder, 'task.clone', { task: task.id });
    await context.view.show(folder, copy.id);
  }
};

/** Moves ended tasks into the archive. Tasks that belong together are archived together. */
export const archiveTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'archivable', l10n.t('Archive a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.archive', { tasks });
};
