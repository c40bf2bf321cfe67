import { pendingApprovals } from '../../core/task/approval.ts';
import { awaitsConfirmation } from '../../core/task/confirmation.ts';
import { canTransition } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { openWorkspace } from '../../core/task/workspace.ts';

/** Actions of a row as words of its `contextValue`; `when` clauses look for one of them. */
export type RowFlag =
  | 'task'
  | 'startable'
  | 'confirmable'
  | 'followable'
  | 'completable'
  | 'cancellable'
  | 'restartable'
  | 'limited'
  | 'reviewable'
  | 'mergeable'
  | 'discardable'
  | 'hasWorktree'
  | 'keepable'
  | 'restorable'
  | 'inlineReview'
  | 'inlineRestart'
  | 'inlineComplete'
  | 'inlineCancel'
  | 'inlineLog';

/** Decides the icon of a row. */
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

/** The icon of a standing, which comes from `standing()`. */
export function taskState(task: TaskRecord, situation: Standing): TaskState {
  switch (situation.kind) {
    case 'draft':
      return situation.gated ? 'gated' : 'pending';
    case 'ready':
      return task.queued_at === undefined ? 'pending' : 'queued';
    case 'waiting':
      if (situation.for === 'recovery') return 'interrupted';
      if (situation.for === 'confirmation') return 'gated';
      if (situation.for === 'dependency' || situation.for === 'parent_dependency') return 'blocked';
      return task.status === 'paused' && task.queued_at === undefined ? 'paused' : 'queued';
    case 'paused':
      return situation.reason === 'interrupted' ? 'interrupted' : 'paused';
    case 'review':
    case 'done':
      return 'completed';
    default:
      return situation.kind;
  }
}

/** Actions that the rules allow for a task now; the operations check again. */
export function rowFlags(task: TaskRecord): RowFlag[] {
  const flags: RowFlag[] = ['task'];
  const startable = isStartable(task);
  const followable = task.status === 'completed_active' && task.lease !== undefined;
  const completable = task.kind === 'work' && canTransition(task.status, 'completed') && task.status !== 'in_progress';
  const cancellable = canTransition(task.status, 'cancelled');
  const restartable = canTransition(task.status, 'pending') && task.status !== 'paused';
  if (startable) flags.push('startable');
  if (awaitsConfirmation(task)) flags.push('confirmable');
  if (followable) flags.push('followable');
  if (completable) flags.push('completable');
  if (cancellable) flags.push('cancellable');
  if (restartable) flags.push('restartable');
  if (task.status === 'paused' && task.pause_reason === 'budget') flags.push('limited');
  const review = reviewFlags(task);
  flags.push(...review, ...checkpointFlags(task));
  // At most two buttons in a row: one action, and the log or, in an open session, the button that ends it. Reviewing a
  // result takes precedence over a restart.
  if (restartable) flags.push(review.includes('discardable') ? 'inlineReview' : 'inlineRestart');
  if (task.status === 'completed_active') flags.push('inlineComplete');
  else if (hasRun(task)) flags.push('inlineLog');
  const acts = startable || restartable || flags.includes('confirmable');
  if (cancellable && !acts && task.status !== 'completed_active') flags.push('inlineCancel');
  return flags;
}

/** Actions for the task's result in its worktree. */
function reviewFlags(task: TaskRecord): RowFlag[] {
  if (task.workspace === undefined || !hasRun(task)) return [];
  if (openWorkspace(task) === undefined) return ['reviewable'];
  const atRest = task.lease === undefined && task.status !== 'in_progress';
  return [
    'reviewable',
    'hasWorktree',
    ...(atRest || task.status === 'completed_active' ? (['mergeable'] as const) : []),
    ...(atRest ? (['discardable'] as const) : []),
  ];
}

/** Files can be saved at any time, and restored while no agent works on them. */
function checkpointFlags(task: TaskRecord): RowFlag[] {
  const atRest = task.lease === undefined && task.status !== 'in_progress';
  return [
    ...(task.executions.length > 0 ? (['keepable'] as const) : []),
    ...(atRest && (task.checkpoints ?? []).length > 0 ? (['restorable'] as const) : []),
  ];
}

/** True when the task has, or has had, something to write into its log. */
export function hasRun(task: TaskRecord): boolean {
  return task.executions.length > 0 || task.status !== 'pending';
}

function isStartable(task: TaskRecord): boolean {
  if (task.kind === 'group' || task.queued_at !== undefined || awaitsConfirmation(task)) return false;
  return task.status === 'pending' || (task.status === 'paused' && pendingApprovals(task).length === 0);
}
