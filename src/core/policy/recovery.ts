import { sessionOf } from '../task/checkpoint.ts';
import { type TaskPatch, transition } from '../task/lifecycle.ts';
import { notBefore } from '../task/ready.ts';
import { addApproval } from '../task/request.ts';
import { resumeSession, setResumeSession } from '../task/resume-session.ts';
import type { TaskRecord } from '../task/schema.ts';
import { requestStart, reset, restart } from '../task/start.ts';
import { budgetShares, type Family, isOver, type Share } from './budget.ts';
import { limitNames, limitWithCode } from './limit-names.ts';

/**
 * The recovery of a task that stopped with an error: retry it, ask a person, or give up. The values are those of the
 * specification.
 */
export type RecoveryVerdict = 'retry' | 'request_human_approval' | 'give_up';

const TIMES = 3;
/** The default factor of a raised limit. */
export const RAISED_BY = 1.5;

/** True for a task that stopped with an error and that has no lease. */
export function canRecover(task: TaskRecord): boolean {
  if (task.lease !== undefined || task.error_code === undefined || task.archived_at !== undefined) return false;
  return task.status === 'failed' || (task.status === 'paused' && task.pause_reason === 'budget');
}

/** Number of remaining recoveries from this error. */
export function recoveriesLeft(task: TaskRecord, code: string, times = TIMES): number {
  return Math.max(0, times - (task.recoveries?.[code] ?? 0));
}

/**
 * The limit that was reached, raised. Undefined where that would not help: the reached limit belongs to a parent task,
 * a phase or the day, and recovery does not raise those.
 */
export function raisedLimit(
  task: TaskRecord,
  family: Family,
  code: string,
  now: number,
  { factor = RAISED_BY, day = [] }: { factor?: number | undefined; day?: readonly Share[] } = {},
): TaskPatch | undefined {
  const key = limitWithCode(code)?.constraint;
  const limit = key === undefined ? undefined : task.constraints[key];
  if (key === undefined || typeof limit !== 'number') return undefined;
  const over = budgetShares(task, family, now).filter((share) => isOver(share, 'next'));
  if (
    !over.some(({ kind }) => limitNames[kind].code === code) ||
    over.some(({ owner, phase }) => owner.id !== task.id || phase !== undefined)
  )
    return undefined;
  if (day.some((share) => isOver(share, 'next'))) return undefined;
  const raised = key === 'max_cost_usd' || key === 'max_duration_minutes' ? limit * factor : Math.ceil(limit * factor);
  return { constraints: { ...task.constraints, [key]: raised } };
}

/**
 * Applies a verdict to a task that stopped with an error, and counts the attempt. Each retry waits longer. After a
 * crash of its agent the task resumes its session.
 */
export function recovered(task: TaskRecord, verdict: 'retry' | 'request_human_approval', at: string): TaskPatch {
  const code = task.error_code ?? 'Internal';
  const before = task.recoveries?.[code] ?? 0;
  const recoveries = { ...task.recoveries, [code]: before + 1 };
  if (verdict === 'retry' && task.status !== 'failed') return { recoveries, ...requestStart(task, at) };
  if (verdict === 'retry') {
    const session = code === 'AgentCrashed' ? (sessionOf(task) ?? resumeSession(task)) : undefined;
    return { recoveries, ...restart(task, at), not_before: notBefore(before, at), ...setResumeSession(session) };
  }
  const fresh = task.status === 'failed' ? reset(task, { at, reason: `asks a person after ${code}` }) : {};
  const open = { ...task, ...fresh } as TaskRecord;
  const title = `Run "${task.title}" again after ${code}: ${task.error ?? ''}`;
  const { approvals } = addApproval(open, { kind: 'gate', title }, at);
  const held =
    open.status === 'paused'
      ? { pause_reason: 'approval' as const, error: undefined, error_code: undefined }
      : transition(open, 'paused', { at, reason: `waits for a person after ${code}`, pauseReason: 'approval' });
  return { recoveries, ...fresh, approvals, ...held, queued_at: at };
}
