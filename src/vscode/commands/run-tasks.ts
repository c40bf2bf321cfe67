import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';
import { byFolder, taskTargets } from './task-target.ts';

/** Start, cancel, complete, restart: the commands that do one thing to all tasks they are called on. */
export const startTasks: Handler = async (context, args) => {
  const targets = await taskTargets(context, args, 'startable', l10n.t('Start a task'));
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.start', { tasks });
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
  for (const [folder, tasks] of byFolder(targets ?? [])) await operate(folder, 'task.restart', { tasks });
};
