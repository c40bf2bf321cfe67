import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { budgetShares, isOver, reservedBy, type Share } from '../../core/policy/budget.ts';
import { atWorkByAgent } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { World } from '../../core/task/standing.ts';

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
  readonly maxPerAgent: Readonly<Record<string, number>> | undefined;
  /** The limits of the day. */
  readonly day: () => readonly Share[];
}

/** The world of `standing()` at one moment. Answers that cost something are computed once. */
export function worldOf({ tasks, agents, playing, now, maxPerAgent, day }: WorldParts): World {
  const found = new Map<string, boolean>();
  let atWork: Map<string, number> | undefined;
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
    isFull(agent) {
      const most = maxPerAgent?.[agent];
      if (most === undefined) return false;
      atWork ??= atWorkByAgent(tasks);
      return (atWork.get(agent) ?? 0) >= most;
    },
    limitOwner: (task) => budgetShares(task, tasks, now).find((share) => isOver(share, 'next'))?.owner,
    isDayOver() {
      dayOver ??= day().some((share) => isOver(share, 'next'));
      return dayOver;
    },
    reservedBy: (task) => reservedBy(task, tasks, now),
  };
}
