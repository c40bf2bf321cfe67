import { EDITOR_MODEL_NAME } from '../editor-model/name.ts';
import { type Approval, gateIsOpen, pendingApprovals } from './approval.ts';
import { needsAcceptance } from './collaboration.ts';
import { awaitsConfirmation } from './confirmation.ts';
import { openDependencies } from './dependencies.ts';
import { awaitsPick, isLeftToRace } from './race.ts';
import { rateLimitDelay } from './rate-limit.ts';
import { delayOf } from './ready.ts';
import type { Lease, TaskRecord } from './schema.ts';
import { waitingFollowUps } from './session.ts';
import { silentSince } from './silent.ts';
import { scriptOf } from './workflow.ts';
import { waitingResult } from './workspace.ts';

/** Facts that a standing depends on besides the task. Each function is called only if its result matters. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The queue runs every task, not only those that a person started. */
  readonly playing: boolean;
  /** Any task, archived ones that others depend on included. */
  find(id: string): TaskRecord | undefined;
  /** False if no program of this agent was found. */
  canRun(agent: string): boolean;
  /** True if a cost limit cannot stop its agents, and no person has accepted that. */
  isUncounted(task: TaskRecord): boolean;
  /** True if the agent runs as many tasks as the settings allow. */
  isFull(agent: string): boolean;
  /** The limit of parallel tasks if it is reached. Undefined if another task may run. */
  slotsInUse(): number | undefined;
  /** Tasks that ask a person while they keep a slot. */
  askingInSlots(): readonly TaskRecord[];
  /** Milliseconds for which an open session waits for a follow-up. */
  readonly sessionIdleMs: number;
  /** The owner of a limit that was reached: the task itself or a task above it. */
  limitOwner(task: TaskRecord): TaskRecord | undefined;
  /** True if the limit of the folder for today was reached. */
  isDayOver(): boolean;
  /** A task that has reserved the rest of a shared limit. */
  reservedBy(task: TaskRecord): TaskRecord | undefined;
  /** True if the process that holds this lease no longer exists. */
  isAbandoned(lease: Lease): boolean;
  /** Milliseconds since 1970 of the latest log line of a task; undefined if unknown. */
  lastLogAt(task: TaskRecord): number | undefined;
}

/** Why a task waits, in the vocabulary of `--json`. */
export const waitReasons = [
  'approval',
  'question',
  'confirmation',
  'dependency',
  'parent_dependency',
  'agent',
  'window',
  'script',
  'uncounted',
  'limit',
  'day_limit',
  'resume',
  'agent_limit',
  'budget',
  'delay',
  'rate_limit',
  'parallel_limit',
  'recovery',
] as const;
export type WaitReason = (typeof waitReasons)[number];

/** A task that another one waits for. Of a deleted one, number and title are known, unless an older version deleted it. */
export interface TaskRef {
  readonly id: string;
  readonly task?: TaskRecord | undefined;
  readonly deleted?: { readonly number: number; readonly title: string } | undefined;
}

/**
 * The situation of a task. Everyone derives it from `standing()`: the worker's claim, lists, the tree, notifications. A
 * claim is legal exactly if the task is `ready`.
 */
export type Standing =
  /** Not queued, and the queue is paused. `gated`: it needs an approval to start. */
  | { readonly kind: 'draft'; readonly gated: boolean }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'waiting';
      readonly for: Exclude<WaitReason, 'approval' | 'question'>;
      readonly on: readonly TaskRef[];
      /** The task above it whose dependency it waits for. */
      readonly through?: TaskRecord | undefined;
      /** The number of slots, all in use, for one of which it waits. */
      readonly slots?: number | undefined;
      /** ISO 8601: when the rate limit of its model ends. */
      readonly until?: string | undefined;
    }
  | { readonly kind: 'asking'; readonly requests: readonly Approval[] }
  | {
      readonly kind: 'running';
      /** ISO 8601: the last activity of an agent that has been quiet for minutes. */
      readonly quietSince?: string | undefined;
      /** A program set it to in progress without a lease, and is quiet. */
      readonly stale?: boolean | undefined;
    }
  | { readonly kind: 'paused'; readonly reason: TaskRecord['pause_reason'] }
  /**
   * Its session is open for follow-ups. `until`: ISO 8601, when it completes without one; `accept`: a person completes it,
   * and no race decides that.
   */
  | { readonly kind: 'open'; readonly until?: string | undefined; readonly accept?: true }
  /** It ended with changes that wait for a merge or a discard, or it is a race whose results wait for a pick. */
  | { readonly kind: 'review' }
  | { readonly kind: 'done' }
  /** `settled`: its race was decided or cancelled: it needs no person. */
  | { readonly kind: 'failed'; readonly settled?: true }
  | { readonly kind: 'cancelled' };

type Waiting = Extract<Standing, { kind: 'waiting' }>;

/** Derives the situation of a task. Pure. */
export function standing(task: TaskRecord, world: World): Standing {
  if (awaitsConfirmation(task)) return { kind: 'waiting', for: 'confirmation', on: [] };
  const requests = pendingApprovals(task);
  switch (task.status) {
    case 'in_progress':
      if (requests.length > 0) return { kind: 'asking', requests };
      return task.lease !== undefined && world.isAbandoned(task.lease)
        ? { kind: 'waiting', for: 'recovery', on: [] }
        : runningOf(task, world);
    case 'completed_active':
      return {
        kind: 'open',
        ...completesAt(task, world),
        ...(needsAcceptance(task) && !isLeft(task, world) ? { accept: true } : {}),
      };
    case 'completed':
      return { kind: waitingResult(task) === undefined || isLeft(task, world) ? 'done' : 'review' };
    case 'failed':
      return isLeft(task, world) ? { kind: 'failed', settled: true } : { kind: 'failed' };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'paused':
      if (requests.length > 0) return { kind: 'asking', requests };
      if (awaitsPick(task)) return { kind: 'review' };
      // An answered gate or question queues it again; until then it does not run.
      if (!isWanted(task, world.playing) || task.pause_reason === 'approval' || !gateIsOpen(task)) {
        return { kind: 'paused', reason: task.pause_reason };
      }
      return dependencyOf(task, world) ?? hindranceOf(task, world) ?? { kind: 'ready' };
    case 'pending':
      if (requests.length > 0) return { kind: 'asking', requests };
      return (
        dependencyOf(task, world) ??
        (isWanted(task, world.playing) && (task.queued_at === undefined || gateIsOpen(task))
          ? (hindranceOf(task, world) ?? { kind: 'ready' })
          : { kind: 'draft', gated: !gateIsOpen(task) })
      );
  }
}

function isLeft(task: TaskRecord, world: World): boolean {
  return isLeftToRace(task, (id) => world.find(id));
}

function runningOf(task: TaskRecord, world: World): Standing {
  const silent = task.lease === undefined ? silentSince(task, world.lastLogAt(task), world.now) : undefined;
  if (silent !== undefined) return { kind: 'running', quietSince: silent, stale: true };
  return { kind: 'running', ...(task.quiet_since === undefined ? {} : { quietSince: task.quiet_since }) };
}

/** True for a task that is ready apart from its blockers, and for one that a limit has paused. */
export function isWanted(task: TaskRecord, playing: boolean): boolean {
  if (task.kind !== 'work' || task.archived_at !== undefined) return false;
  if (task.status === 'paused') {
    return task.lease === undefined && (task.queued_at !== undefined || task.pause_reason === 'budget');
  }
  return task.status === 'pending' && (playing || task.queued_at !== undefined);
}

/** True if a person must act before the dependencies can complete: one failed, was cancelled or was deleted. */
export function isStuck({ on }: Pick<Waiting, 'on'>): boolean {
  return on.some(({ task }) => task === undefined || task.status === 'failed' || task.status === 'cancelled');
}

function dependencyOf(task: TaskRecord, world: World): Waiting | undefined {
  const own = openDependencies(task, (id) => world.find(id));
  if (own.length > 0) return { kind: 'waiting', for: 'dependency', on: own };
  for (const above of ancestorsOf(task, world)) {
    const inherited = openDependencies(above, (id) => world.find(id)).filter(
      ({ task: other }) => other === undefined || !waitsForPartOf(other, above, world),
    );
    if (inherited.length > 0) return { kind: 'waiting', for: 'parent_dependency', on: inherited, through: above };
  }
  return undefined;
}

function* ancestorsOf(task: TaskRecord, world: World): Iterable<TaskRecord> {
  const seen = new Set<string>([task.id]);
  for (let id = task.parent_id; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const above: TaskRecord | undefined = world.find(id);
    if (above === undefined) return;
    yield above;
    id = above.parent_id;
  }
}

/** Without this, parts would wait for a task that itself is, or waits for, a part of the same whole. */
function waitsForPartOf(task: TaskRecord, whole: TaskRecord, world: World): boolean {
  const seen = new Set([task]);
  for (const each of seen) {
    for (const above of ancestorsOf(each, world)) if (above.id === whole.id) return true;
    for (const { task: next } of openDependencies(each, (id) => world.find(id))) if (next !== undefined) seen.add(next);
  }
  return false;
}

function hindranceOf(task: TaskRecord, world: World): Waiting | undefined {
  const because = (reason: Waiting['for'], other?: TaskRecord): Waiting => ({
    kind: 'waiting',
    for: reason,
    on: other === undefined ? [] : [{ id: other.id, task: other }],
  });
  if (!world.canRun(task.tool)) return because(task.tool === EDITOR_MODEL_NAME ? 'window' : 'agent');
  if (world.isUncounted(task)) return because('uncounted');
  const owner = world.limitOwner(task);
  if (owner !== undefined) return because('limit', owner);
  if (world.isDayOver()) return because('day_limit');
  if (task.status === 'paused' && task.queued_at === undefined) return because('resume');
  // A manual start fails with an explanation; the queue skips the task.
  if (task.queued_at === undefined && task.tool === 'SHELL' && scriptOf(task).trim() === '') return because('script');
  if (world.isFull(task.tool)) return because('agent_limit');
  const reserved = world.reservedBy(task);
  if (reserved !== undefined) return because('budget', reserved);
  if (rateLimitDelay(task, world.now) > 0) return { ...because('rate_limit'), until: task.rate_limit_until };
  // Its former run still releases it.
  if (task.lease !== undefined || delayOf(task, world.now) > 0) return because('delay');
  // Checked last: a task without any other blocker is next in line.
  const slots = world.slotsInUse();
  if (slots === undefined) return undefined;
  const on = world.askingInSlots().map((other) => ({ id: other.id, task: other }));
  return { ...because('parallel_limit'), slots, on };
}

/** The time at which the worker closes the open session of a task, which completes it. */
function completesAt(task: TaskRecord, { sessionIdleMs }: World): { readonly until?: string } {
  const opened = task.history.at(-1)?.at;
  const waits = needsAcceptance(task) || task.lease === undefined || waitingFollowUps(task).length > 0;
  return waits || opened === undefined ? {} : { until: new Date(Date.parse(opened) + sessionIdleMs).toISOString() };
}
