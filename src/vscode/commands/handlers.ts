import * as vscode from 'vscode';
import { type CommandId, commandIds } from '../contributions.ts';
import { showError } from '../feedback/errors.ts';
import { registerCommand } from '../register.ts';
import { answer, approve, approveForTask, reject, showRequest } from './approvals.ts';
import { makeCheckpoint, restoreCheckpoint } from './checkpoints.ts';
import { reviewAgents } from './confirm-agents.ts';
import type { CommandContext, Handler } from './context.ts';
import { deleteTasks } from './delete-tasks.ts';
import { discardWork } from './discard.ts';
import { followUp } from './follow-up.ts';
import {
  copyId,
  openApprovals,
  openMetrics,
  openTask,
  openTaskFile,
  refresh,
  showLog,
  showMore,
  showOutput,
} from './look.ts';
import { mergeWork } from './merge.ts';
import { newTask } from './new-task.ts';
import { confirmTasks, pauseQueue, playQueue } from './queue.ts';
import { raiseLimit } from './raise-limit.ts';
import { openWorktree, reviewChanges } from './review.ts';
import { cancelTasks, completeTasks, restartTasks, startTasks } from './run-tasks.ts';

const handlers: Readonly<Record<CommandId, Handler>> = {
  'systemprompt.task.create': newTask,
  'systemprompt.task.open': openTask,
  'systemprompt.task.start': startTasks,
  'systemprompt.task.cancel': cancelTasks,
  'systemprompt.task.showLog': showLog,
  'systemprompt.task.followUp': followUp,
  'systemprompt.task.complete': completeTasks,
  'systemprompt.task.restart': restartTasks,
  'systemprompt.task.raiseLimit': raiseLimit,
  'systemprompt.task.delete': deleteTasks,
  'systemprompt.task.openFile': openTaskFile,
  'systemprompt.task.copyId': copyId,
  'systemprompt.task.review': reviewChanges,
  'systemprompt.task.merge': mergeWork,
  'systemprompt.task.discard': discardWork,
  'systemprompt.task.openWorktree': openWorktree,
  'systemprompt.task.checkpoint': makeCheckpoint,
  'systemprompt.task.restore': restoreCheckpoint,
  'systemprompt.approval.approve': approve,
  'systemprompt.approval.approveForTask': approveForTask,
  'systemprompt.approval.answer': answer,
  'systemprompt.approval.reject': reject,
  'systemprompt.approval.show': showRequest,
  'systemprompt.approvals.open': openApprovals,
  'systemprompt.metrics.open': openMetrics,
  'systemprompt.queue.play': playQueue,
  'systemprompt.queue.pause': pauseQueue,
  'systemprompt.queue.confirm': confirmTasks,
  'systemprompt.agents.review': reviewAgents,
  'systemprompt.tasks.refresh': refresh,
  'systemprompt.tasks.showMore': showMore,
  'systemprompt.showOutput': showOutput,
};

/** Registers every command. Each waits for the stores that it needs, and shows what went wrong. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const registered = commandIds.map((id) =>
    registerCommand(id, async (...args) => {
      try {
        await handlers[id](context, args);
      } catch (error) {
        // Not awaited: the command has ended, however long its message stays.
        void showError(error, context.logger);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
