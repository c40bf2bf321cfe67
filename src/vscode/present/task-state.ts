import { gateIsOpen, pendingApprovals } from '../../core/task/approval.ts';
import { canTransition } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

/** What a row can be acted on with, as words of its `contextValue`; `when` clauses look for one of them. */
export type RowFlag =
  | 'task'
  | 'startable'
  | 'followable'
  | 'completable'
  | 'cancellable'
  | 'restartable'
  | 'inlineComplete'
  | 'inlineCancel'
  | 'inlineLog';

/** How a task stands, finer than its status: what decides icon and words of its row. */
export type TaskState =
  | 'pending'
  | 'gated'
  | 'queued'
  | 'blocked'
  | 'running'
  | 'asking'
  | 'interrupted'
  | 'paused'
  | 'open'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** `blocked` says that a dependency is not completed. */
export function taskState(task: TaskRecord, blocked: boolean): TaskState {
  switch (task.status) {
    case 'pending':
      if (blocked) return 'blocked';
      if (task.queued_at !== undefined) return 'queued';
      return gateIsOpen(task) ? 'pending' : 'gated';
    case 'in_progress':
      return pendingApprovals(task).length > 0 ? 'asking' : 'running';
    case 'paused':
      if (pendingApprovals(task).length > 0) return 'asking';
      if (task.queued_at !== undefined) return 'queued';
      return task.pause_reason === 'interrupted' ? 'interrupted' : 'paused';
    case 'completed_active':
      return 'open';
    default:
      return task.status;
  }
}

/** What can be done with a task now. Offered is what the rules allow; the operations check again. */
export function rowFlags(task: TaskRecord): RowFlag[] {
  const flags: RowFlag[] = ['task'];
  const startable = isStartable(task);
  const followable = task.status === 'completed_active' && task.lease !== undefined;
  const completable = canTransition(task.status, 'completed') && task.status !== 'in_progress';
  const cancellable = canTransition(task.status, 'cancelled');
  const restartable = canTransition(task.status, 'pending') && task.status !== 'paused';
  if (startable) flags.push('startable');
  if (followable) flags.push('followable');
  if (completable) flags.push('completable');
  if (cancellable) flags.push('cancellable');
  if (restartable) flags.push('restartable');
  // At most two buttons in a row: one that acts, and the log or, in an open session, the one that ends it.
  if (task.status === 'completed_active') flags.push('inlineComplete');
  else if (hasRun(task)) flags.push('inlineLog');
  if (cancellable && !startable && !restartable && task.status !== 'completed_active') flags.push('inlineCancel');
  return flags;
}

/** True when the task has, or has had, something to write into its log. */
export function hasRun(task: TaskRecord): boolean {
  return task.executions.length > 0 || task.status !== 'pending';
}

function isStartable(task: TaskRecord): boolean {
  if (task.kind === 'group' || task.queued_at !== undefined) return false;
  return task.status === 'pending' || (task.status === 'paused' && pendingApprovals(task).length === 0);
}
