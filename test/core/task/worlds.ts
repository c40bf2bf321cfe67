import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { type Standing, standing, type World } from '../../../src/core/task/standing.ts';

/** A world in which nothing holds a task back, with these tasks. */
export function worldWith(tasks: readonly TaskRecord[] = [], changes: Partial<World> = {}): World {
  const byId = new Map<string, TaskRecord>(tasks.map((task) => [task.id, task]));
  return {
    now: 0,
    playing: false,
    sessionIdleMs: 600_000,
    askingInSlots: () => [],
    find: (id) => byId.get(id),
    canRun: () => true,
    isUncounted: () => false,
    isFull: () => false,
    slotsInUse: () => undefined,
    limitOwner: () => undefined,
    isDayOver: () => false,
    reservedBy: () => undefined,
    isAbandoned: () => false,
    lastLogAt: () => undefined,
    ...changes,
  };
}

/** The situation of each of these tasks among the others. */
export function standingAmong(tasks: readonly TaskRecord[]): (task: TaskRecord) => Standing {
  const world = worldWith(tasks);
  return (task) => standing(task, world);
}
