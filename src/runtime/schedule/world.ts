import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { budgetShares, isOver, reservedBy, type Share } from '../../core/policy/budget.ts';
import { uncountedLimit } from '../../core/policy/uncounted.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import { atWorkByAgent, takesSlot } from '../../core/task/ready.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { World } from '../../core/task/standing.ts';
import { leaseIsLive } from '../../machine/identity.ts';
import { MAX_PARALLEL, SESSION_IDLE_MS } from '../settings/defaults.ts';

/** The tasks around one, as a view or a transaction has them. */
interface Tasks {
  byId(id: string): TaskRecord | undefined;
  dependency(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
  leased(): Iterable<TaskRecord>;
}

interface WorldParts {
  readonly tasks: Tasks;
  readonly agents: Pick<AgentCatalog, 'unavailable' | 'countsCost'>;
  readonly playing: boolean;
  readonly now: number;
  /** Maximum number of running tasks in the folder. Default: that of the settings. */
  readonly maxParallel: number | undefined;
  readonly maxPerAgent: Readonly<Record<string, number>> | undefined;
  /** Runs of this worker that take a slot: ended ones that still release their task are no longer seen in the tasks. */
  readonly ownRuns?: number | undefined;
  /** Milliseconds for which an open session waits for a follow-up. Default: that of the settings. */
  readonly sessionIdleMs?: number | undefined;
  /** True in a shared store, where the slots of a worker are its own. */
  readonly ownSlots?: boolean | undefined;
  /** Milliseconds since 1970 of the latest log line of a task. Default: unknown. */
  readonly lastLogAt?: ((id: string) => number | undefined) | undefined;
  /** The limits of the day. */
  readonly day: () => readonly Share[];
}

/** The world of `standing()` at one moment. Answers that cost something are computed once. */
export function worldOf(parts: WorldParts): World {
  const {
    tasks,
    agents,
    playing,
    now,
    maxParallel = MAX_PARALLEL,
    maxPerAgent,
    ownRuns = 0,
    ownSlots = false,
    day,
  } = parts;
  const { sessionIdleMs = SESSION_IDLE_MS } = parts;
  const found = new Map<string, boolean>();
  let counts: Map<string, number> | undefined;
  const atWork = (): Map<string, number> => {
    counts ??= atWorkByAgent(tasks);
    return counts;
  };
  let crowded: boolean | undefined;
  let dayOver: boolean | undefined;
  return {
    now,
    playing,
    sessionIdleMs,
    askingInSlots: () => [...tasks.leased()].filter((task) => takesSlot(task) && pendingApprovals(task).length > 0),
    find: (id) => tasks.dependency(id) ?? tasks.byId(id),
    canRun(agent) {
      const known = found.get(agent) ?? agents.unavailable(agent) === undefined;
      found.set(agent, known);
      return known;
    },
    isUncounted: (task) => uncountedLimit(task, tasks, (agent, model) => agents.countsCost(agent, model)) !== undefined,
    isFull: (agent) => isFull(atWork, agent, maxPerAgent),
    slotsInUse() {
      crowded ??= Math.max(ownRuns, ownSlots ? 0 : sum(atWork().values())) >= maxParallel;
      return crowded ? maxParallel : undefined;
    },
    limitOwner: (task) => budgetShares(task, tasks, now).find((share) => isOver(share, 'next'))?.owner,
    isDayOver() {
      dayOver ??= day().some((share) => isOver(share, 'next'));
      return dayOver;
    },
    reservedBy: (task) => reservedBy(task, tasks, now),
    isAbandoned: (lease) => !leaseIsLive(lease, now),
    lastLogAt: (task) => parts.lastLogAt?.(task.id),
  };
}

/** True if an agent has as many running tasks as the settings allow. */
export function agentIsFull(
  tasks: Pick<Tasks, 'leased'>,
  agent: string,
  maxPerAgent: WorldParts['maxPerAgent'],
): boolean {
  return isFull(() => atWorkByAgent(tasks), agent, maxPerAgent);
}

function isFull(
  atWork: () => ReadonlyMap<string, number>,
  agent: string,
  maxPerAgent: WorldParts['maxPerAgent'],
): boolean {
  const most = maxPerAgent?.[agent];
  return most !== undefined && (atWork().get(agent) ?? 0) >= most;
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
