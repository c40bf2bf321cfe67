import { isTerminal } from './lifecycle.ts';
import type { TaskRecord, TaskStatus } from './schema.ts';
import { openWorkspace } from './workspace.ts';

/** Entrants of a race at most. */
export const MAX_ENTRANTS = 10;

export type Race = NonNullable<TaskRecord['race']>;

/** The parts that do the work of a race, by number; its judges are not among them. */
export function entrantsOf(race: Race, parts: Iterable<TaskRecord>): TaskRecord[] {
  return [...parts].filter(({ id }) => !isJudge(race, id)).sort((a, b) => a.number - b.number);
}

function isJudge({ judge, earlier_judges: earlier = [] }: Race, id: string): boolean {
  return id === judge || earlier.includes(id);
}

/** A race with another judge. The earlier one stays a judge: it is no entrant. */
export function withJudge({ judge, earlier_judges: earlier = [], ...race }: Race, id: string): Race {
  return { ...race, judge: id, ...(judge === undefined ? {} : { earlier_judges: [...earlier, judge] }) };
}

/** True for an entrant that works or will work. One that reached a limit continues only if a person raises the limit. */
export function isLiveEntrant(task: TaskRecord): boolean {
  if (task.status === 'paused') return task.pause_reason !== 'budget';
  return !isTerminal(task.status) && task.status !== 'completed_active';
}

/** True for an entrant that a person can pick: it has begun, and is not running. */
export function canBePicked(task: TaskRecord): boolean {
  if (task.status === 'paused') return task.started_at !== undefined;
  return task.status === 'completed' || task.status === 'completed_active' || task.status === 'failed';
}

/**
 * The status of a race. It is paused while its results wait for a person, and in progress until the picked one is on its
 * branch, so that no dependent task starts without it. Undefined without entrants.
 */
export function statusOfRace(
  { race = {}, status }: Pick<TaskRecord, 'race' | 'status'>,
  parts: readonly TaskRecord[],
): TaskStatus | undefined {
  const entrants = entrantsOf(race, parts);
  if (entrants.length === 0) return undefined;
  const picked = entrants.find(({ id }) => id === race.picked);
  if (picked !== undefined) {
    return isTerminal(picked.status) && openWorkspace(picked) === undefined ? picked.status : 'in_progress';
  }
  const has = (status: TaskStatus): boolean => entrants.some((entrant) => entrant.status === status);
  if (entrants.some(isLiveEntrant)) {
    return entrants.some(({ status, started_at: started }) => isTerminal(status) || started !== undefined)
      ? 'in_progress'
      : 'pending';
  }
  // Cancelled by a person, who wants none of the results.
  if (status === 'cancelled') return status;
  // An entrant at a limit has work, too.
  if (has('completed') || has('completed_active') || has('paused')) return 'paused';
  return has('failed') ? 'failed' : 'cancelled';
}

/** True for a race whose entrants have ended and whose result a person has not picked yet. */
export function awaitsPick({ kind, race, status }: Pick<TaskRecord, 'kind' | 'race' | 'status'>): boolean {
  return kind === 'group' && race !== undefined && race.picked === undefined && status === 'paused';
}

/** The entrants with a result that a judge can compare. */
export function resultsOf(entrants: readonly TaskRecord[]): TaskRecord[] {
  return entrants.filter(({ status }) => status === 'completed' || status === 'completed_active');
}

/** True if an agent can judge the results: there are several, none is picked, and no other agent judges. */
export function canBeJudged(race: Race, entrants: readonly TaskRecord[], judge: TaskRecord | undefined): boolean {
  const isFree = judge === undefined || isTerminal(judge.status);
  return race.picked === undefined && resultsOf(entrants).length > 1 && isFree;
}

type Find = (id: string) => TaskRecord | undefined;

/** True for an entrant of a race in which another one was picked. */
export function lostRace(task: TaskRecord, find: Find): boolean {
  const { race } = above(task, find) ?? {};
  return race?.picked !== undefined && race.picked !== task.id && !isJudge(race, task.id);
}

/**
 * True for an ended or open part of a race that needs no person itself. A race asks for the pick of its results, and nothing
 * more once it is decided or cancelled. An entrant that failed before that does need a person, who can restart it, and so
 * does one that proposes its next step.
 */
export function isLeftToRace(task: TaskRecord, find: Find): boolean {
  const group = above(task, find);
  if (group?.race === undefined) return false;
  const { picked, earlier_judges: earlier = [] } = group.race;
  if (picked !== undefined) return picked !== task.id;
  const hasResult =
    task.status === 'completed' || (task.status === 'completed_active' && task.collaboration_mode !== 'assisted');
  return group.status === 'cancelled' || hasResult || earlier.includes(task.id);
}

/** The race without a decision in which this task is an entrant; undefined for any other task. */
export function openRace(task: TaskRecord, find: Find): TaskRecord | undefined {
  const group = above(task, find);
  if (group?.race === undefined || group.race.picked !== undefined || group.status === 'cancelled') return undefined;
  return isJudge(group.race, task.id) ? undefined : group;
}

/** The race in which this entrant was picked; undefined for any other task. */
export function wonRace(task: TaskRecord, find: Find): TaskRecord | undefined {
  const group = above(task, find);
  return group?.race?.picked === task.id ? group : undefined;
}

function above({ parent_id: parent }: TaskRecord, find: Find): TaskRecord | undefined {
  return parent === undefined ? undefined : find(parent);
}
