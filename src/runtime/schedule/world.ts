import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { budgetShares, isOver, reservedBy, type Share } from '../../core/policy/budget.ts';
import { atWorkByAgent } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { World } from '../../core/task/standing.ts';
import { leaseIsLive } from '../liveness/identity.ts';
import { MAX_PARALLEL } from '../settings/defaults.ts';

/** The tasks around one, as a view or a transaction has them. */
interface Tasks {
  byId(id: string): TaskRecord | undefined;
  dependency(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
  leased(): Iterable<TaskRecord>;
}

interface WorldParts {
  readonly tasks: Tasks;
  readonly agents: Pick<AgentCatalog, 'unavailable'>;
  readonly playing: boolean;
  readonly now: number;
  /** Maximum number of running tasks in the folder. Default: that of the settings. */
  readonly maxParallel: number | undefined;
  readonly maxPerAgent: Readonly<Record<string, number>> | undefined;
  /** Runs of this worker that take a slot: ended ones that still release their task are no longer seen in the tasks. */
  readonly ownRuns?: number | undefined;
  /** The limits of the day. */
  readonly day: () => readonly Share[];
}

/** The world of `standing()` at one moment. Answers that cost something are computed once. */
export function worldOf(parts: WorldParts): World {
  const { tasks, agents, playing, now, maxParallel = MAX_PARALLEL, maxPerAgent, ownRuns = 0, day } = parts;
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
    find: (id) => tasks.dependency(id) ?? tasks.byId(id),
    canRun(agent) {
      const known = found.get(agent) ?? agents.unavailable(agent) === undefined;
      found.set(agent, known);
      return known;
    },
    isFull: (agent) => isFull(atWork, agent, maxPerAgent),
    slotsInUse() {
      crowded ??= Math.max(ownRuns, sum(atWork().values())) >= maxParallel;
      return crowded ? maxParallel : undefined;
    },
    limitOwner: (task) => budgetShares(task, tasks, now).find((share) => isOver(share, 'next'))?.owner,
    isDayOver() {
      dayOver ??= day().some((share) => isOver(share, 'next'));
      return dayOver;
    },
    reservedBy: (task) => reservedBy(task, tasks, now),
    isAbandoned: (lease) => !leaseIsLive(lease, now),
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
