import * as vscode from 'vscode';
import { type CommandId, commandIds } from '../contributions.ts';
import { showError } from '../feedback/errors.ts';
import { registerCommand } from '../register.ts';
import type { CommandContext, Handler } from './context.ts';

/** Loads a command's code on first use: most windows use few commands. */
type Loader = () => Promise<Handler>;

const loaders: Readonly<Record<CommandId, Loader>> = {
  'systemprompt.task.create': async () => (await import('./new-task.ts')).newTask,
  'systemprompt.task.open': async () => (await import('./look.ts')).openTask,
  'systemprompt.task.start': async () => (await import('./run-tasks.ts')).startTasks,
  'systemprompt.task.confirm': async () => (await import('./confirm-tasks.ts')).confirmTasks,
  'systemprompt.task.cancel': async () => (await import('./run-tasks.ts')).cancelTasks,
  'systemprompt.task.showLog': async () => (await import('./look.ts')).showLog,
  'systemprompt.task.followUp': async () => (await import('./follow-up.ts')).followUp,
  'systemprompt.task.complete': async () => (await import('./run-tasks.ts')).completeTasks,
  'systemprompt.task.restart': async () => (await import('./run-tasks.ts')).restartTasks,
  'systemprompt.task.raiseLimit': async () => (await import('./raise-limit.ts')).raiseLimit,
  'systemprompt.task.delete': async () => (await import('./delete-tasks.ts')).deleteTasks,
  'systemprompt.task.openFile': async () => (await import('./look.ts')).openTaskFile,
  'systemprompt.task.copyId': async () => (await import('./look.ts')).copyId,
  'systemprompt.task.review': async () => (await import('./review.ts')).reviewChanges,
  'systemprompt.task.merge': async () => (await import('./merge.ts')).mergeWork,
  'systemprompt.task.discard': async () => (await import('./discard.ts')).discardWork,
  'systemprompt.task.openWorktree': async () => (await import('./review.ts')).openWorktree,
  'systemprompt.task.checkpoint': async () => (await import('./checkpoints.ts')).makeCheckpoint,
  'systemprompt.task.restore': async () => (await import('./checkpoints.ts')).restoreCheckpoint,
  'systemprompt.approval.approve': async () => (await import('./approvals.ts')).approve,
  'systemprompt.approval.approveForTask': async () => (await import('./approvals.ts')).approveForTask,
  'systemprompt.approval.answer': async () => (await import('./approvals.ts')).answer,
  'systemprompt.approval.reject': async () => (await import('./approvals.ts')).reject,
  'systemprompt.approval.show': async () => (await import('./approvals.ts')).showRequest,
  'systemprompt.approvals.open': async () => (await import('./look.ts')).openApprovals,
  'systemprompt.metrics.open': async () => (await import('./look.ts')).openMetrics,
  'systemprompt.queue.play': async () => (await import('./queue.ts')).playQueue,
  'systemprompt.queue.pause': async () => (await import('./queue.ts')).pauseQueue,
  'systemprompt.agents.review': async () => (await import('./confirm-agents.ts')).reviewAgents,
  'systemprompt.tasks.refresh': async () => (await import('./look.ts')).refresh,
  'systemprompt.tasks.showMore': async () => (await import('./look.ts')).showMore,
  'systemprompt.showOutput': async () => (await import('./look.ts')).showOutput,
};

/** Registers every command. Each waits for the stores that it needs, and shows its errors. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const registered = commandIds.map((id) =>
    registerCommand(id, async (...args) => {
      try {
        const handler = await loaders[id]();
        await handler(context, args);
      } catch (error) {
        // Not awaited: the command has ended, however long its message stays.
        void showError(error, context.logger);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
