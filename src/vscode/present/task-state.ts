import { offers } from '../../core/task/offers.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { isFinishedResult } from '../../core/task/session.ts';
import { isSplittable } from '../../core/task/splittable.ts';
import type { Standing } from '../../core/task/standing.ts';
import { openWorkspace } from '../../core/task/workspace.ts';

/** Actions of a row as words of its `contextValue`; `when` clauses look for one of them. */
export type RowFlag =
  | 'task'
  | 'startable'
  | 'confirmable'
  | 'followable'
  | 'returnable'
  | 'completable'
  | 'cancellable'
  | 'pausable'
  | 'archivable'
  | 'splittable'
  | 'restartable'
  | 'limited'
  | 'comparable'
  | 'reviewable'
  | 'mergeable'
  | 'discardable'
  | 'hasWorktree'
  | 'keepable'
  | 'restorable'
  | 'inlinePick'
  | 'inlineReview'
  | 'inlineRestart'
  | 'inlineFollowUp'
  | 'inlineComplete'
  | 'inlineCancel'
  | 'inlinePause'
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
      return awaitsPick(task) ? 'asking' : 'completed';
    case 'done':
      return 'completed';
    default:
      return situation.kind;
  }
}

/** Actions that the rules allow for a task now; the operations check again. */
export function rowFlags(task: TaskRecord): RowFlag[] {
  const flags: RowFlag[] = ['task'];
  const startable = offers.start(task);
  const prompts = task.kind === 'work' && task.tool !== 'SHELL';
  const followable =
    task.status === 'completed_active' || (task.status === 'completed' && prompts && task.lease === undefined);
  const cancellable = offers.cancel(task);
  const restartable = offers.restart(task);
  if (startable) flags.push('startable');
  if (offers.confirm(task)) flags.push('confirmable');
  if (followable) flags.push('followable');
  if (prompts && isFinishedResult(task)) flags.push('returnable');
  if (offers.complete(task)) flags.push('completable');
  if (cancellable) flags.push('cancellable');
  if (restartable) flags.push('restartable');
  if (offers.pause(task)) flags.push('pausable');
  if (isSplittable(task)) flags.push('splittable');
  if (offers.archive(task)) flags.push('archivable');
  if (offers.raiseLimit(task)) flags.push('limited');
  if (isComparable(task)) flags.push('comparable');
  const review = reviewFlags(task);
  flags.push(...review, ...checkpointFlags(task));
  // At most two buttons in a row: one action, and the log or, in an open session, the button that ends it. Reviewing a
  // result takes precedence over a restart, and comparing the results of a race over its log.
  if (restartable) flags.push(review.includes('discardable') ? 'inlineReview' : 'inlineRestart');
  if (task.status === 'completed_active') flags.push('inlineFollowUp', 'inlineComplete');
  else if (isUndecided(task)) flags.push('inlinePick');
  else if (hasRun(task)) flags.push('inlineLog');
  const acts = startable || restartable || flags.includes('confirmable');
  // A pause keeps the session; ending the work stays in the menu.
  if (task.status === 'in_progress') flags.push('inlinePause');
  else if (cancellable && !acts && task.status !== 'completed_active') flags.push('inlineCancel');
  return flags;
}

/** True for a race that has begun: its page compares the results, also after one was picked. */
function isComparable({ kind, race, status }: TaskRecord): boolean {
  return kind === 'group' && race !== undefined && status !== 'pending';
}

/** True for a race without a decision. A result can be picked while other entrants run, and if all have failed. */
function isUndecided(task: TaskRecord): boolean {
  return isComparable(task) && task.race?.picked === undefined && !['completed', 'cancelled'].includes(task.status);
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
