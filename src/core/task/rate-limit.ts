import { type TaskPatch, transition } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';
import type { TurnOutcome } from './turn.ts';

/** Milliseconds to wait where the agent does not report when the limit ends: the first time, the second, and so on. */
const WAITS = [60_000, 120_000, 300_000, 600_000, 1_800_000] as const;
/** The limit for a clock that was put back, or for a wrong report. */
const LONGEST_MS = 24 * 60 * 60_000;
/** Key under which `recoveries` counts the waits. */
const COUNTED = 'RateLimited';

/** True for a turn that a rate limit of the model ended, if the run may wait for its end. */
export function waitsForRateLimit(task: TaskRecord, outcome: TurnOutcome): boolean {
  if (outcome.kind !== 'failed' || outcome.errorCode !== COUNTED || outcome.retry !== true) return false;
  return (task.recoveries?.[COUNTED] ?? 0) < WAITS.length;
}

/** Pauses the task until the limit ends; a worker then resumes its session. */
export function holdForRateLimit(task: TaskRecord, outcome: TurnOutcome & { kind: 'failed' }, at: string): TaskPatch {
  const times = task.recoveries?.[COUNTED] ?? 0;
  const { error, errorCode, next, retryAt } = outcome;
  const until = retryAt ?? new Date(Date.parse(at) + (WAITS[times] ?? WAITS[0])).toISOString();
  const pause = { at, reason: 'rate limit', pauseReason: 'interrupted', error, errorCode, next } as const;
  return {
    ...transition(task, 'paused', pause),
    queued_at: at,
    rate_limit_until: until,
    recoveries: { ...task.recoveries, [COUNTED]: times + 1 },
  };
}

/** The wait has ended, or a turn succeeded. */
export function clearRateLimit(task: TaskRecord): TaskPatch {
  if (task.rate_limit_until === undefined && task.recoveries?.[COUNTED] === undefined) return {};
  const { [COUNTED]: _, ...recoveries } = task.recoveries ?? {};
  return { rate_limit_until: undefined, recoveries: Object.keys(recoveries).length > 0 ? recoveries : undefined };
}

/** Milliseconds until the rate limit of a waiting task ends; 0 when it has ended. */
export function rateLimitDelay(task: TaskRecord, now: number): number {
  const left = task.rate_limit_until === undefined ? 0 : Date.parse(task.rate_limit_until) - now;
  return left > 0 && left <= LONGEST_MS ? left : 0;
}
