import { rateLimitDelay } from '../../core/task/rate-limit.ts';
import { delayOf } from '../../core/task/ready.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { standing, type WaitReason, type World } from '../../core/task/standing.ts';
import type { StoreView } from '../../store/journal/view.ts';

/** The action of a worker on a queued task. */
export type Decision =
  | { readonly do: 'claim' }
  /** A limit was reached: the task is paused, so that a person raises the limit and resumes it. */
  | { readonly do: 'hold' }
  /** `ms`: delay before the next look, in milliseconds. Undefined: a change of the store will be the occasion. */
  | { readonly do: 'wait'; readonly ms?: number };

/** Decides about one task. Pure; the search for work and the claim itself both ask it. */
export function decide(task: TaskRecord, world: World): Decision {
  const situation = standing(task, world);
  if (situation.kind === 'ready') return { do: 'claim' };
  if (situation.kind !== 'waiting') return { do: 'wait' };
  if (situation.for === 'limit' || situation.for === 'day_limit') return { do: 'hold' };
  const ms = delayMs(situation.for, task, world.now);
  return ms > 0 ? { do: 'wait', ms } : { do: 'wait' };
}

function delayMs(reason: WaitReason, task: TaskRecord, now: number): number {
  if (reason === 'delay') return delayOf(task, now);
  return reason === 'rate_limit' ? rateLimitDelay(task, now) : 0;
}

/** The next task to act on, and when to look again at the delayed ones before it. */
export interface Choice {
  readonly task?: TaskRecord | undefined;
  readonly againMs?: number | undefined;
}

/**
 * Chooses the first task in order that can be claimed or must be held. A task that must wait keeps no later one from
 * running. Pure.
 *
 * @param skips tasks to leave alone for now
 */
export function nextTask(view: StoreView, world: World, skips: (id: string) => boolean = () => false): Choice {
  // Spares the walk over a long queue.
  if (world.slotsInUse() !== undefined) return {};
  let againMs: number | undefined;
  const fits = (task: TaskRecord): boolean => {
    if (skips(task.id)) return false;
    const decision = decide(task, world);
    if (decision.do !== 'wait') return true;
    if (decision.ms !== undefined) againMs = Math.min(againMs ?? decision.ms, decision.ms);
    return false;
  };
  const [task] = queuedTasks(view, 1, { playing: world.playing, fits });
  return { task, againMs };
}

/**
 * The first matching tasks with completed dependencies in order: highest priority first, then the longest chain of
 * dependents, then the oldest. If the queue plays, includes tasks that no person started.
 */
export function queuedTasks(
  view: StoreView,
  count: number,
  { playing, fits }: { playing: boolean; fits?: (task: TaskRecord) => boolean },
): TaskRecord[] {
  return (playing ? view.playable : view.frontier).take(count, fits);
}
