import { z } from 'zod';
import { budgetShares, isOver, reservedBy } from '../../core/policy/budget.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import { openDependencies } from '../../core/task/dependencies.ts';
import { atWorkByAgent, delayOf } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import type { OperationContext } from '../context.ts';
import { todaysShares } from '../metrics/day-spend.ts';

export const waitsFor = [
  'approval',
  'dependency',
  'agent',
  'limit',
  'day_limit',
  'resume',
  'agent_limit',
  'budget',
  'delay',
] as const;
type WaitsFor = (typeof waitsFor)[number];

/** Why a queued task waits. */
export const waitingSchema = z.object({
  /**
   * A person (`approval`), other tasks, an agent that is not there, a reached limit, of the task or of a parent
   * (`limit`) or of the day, a person who resumes it after that (`resume`), a limit of tasks of one agent at once, what
   * another part of the same whole has set aside of its limit (`budget`), or the delay before it resumes automatically.
   * */
  for: z.enum(waitsFor),
  /** Numbers of the tasks that it waits for, or whose limit it is; those of deleted tasks are not known. */
  on: z.array(z.number().int()),
});

export type Waiting = z.output<typeof waitingSchema>;

/** Says of each task why it waits, by what is known now; undefined for one that may run, runs, or is not to run. */
export async function waitings(context: OperationContext): Promise<(task: TaskRecord) => Waiting | undefined> {
  const { playing } = await readQueue(context.store.coordination);
  const why = whyHeld(context);
  return (task) => (isToRun(task, playing) ? why(task) : undefined);
}

/** True for tasks that run without further action of a person, and for those that wait for such a word. */
export function isToRun(task: TaskRecord, playing: boolean): boolean {
  if (task.kind !== 'work' || task.lease !== undefined || task.archived_at !== undefined) return false;
  if (task.status === 'paused') return task.queued_at !== undefined || task.pause_reason === 'budget';
  return task.status === 'pending' && (playing || task.queued_at !== undefined);
}

/** Answers only for queued tasks. */
export function whyHeld({ store, settings, agents }: OperationContext): (task: TaskRecord) => Waiting | undefined {
  const { view } = store;
  const now = Date.now();
  const atWork = atWorkByAgent(view);
  const isFull = (agent: string): boolean =>
    (atWork.get(agent) ?? 0) >= (settings.worker.maxPerAgent?.[agent] ?? Number.POSITIVE_INFINITY);
  const isThere = (agent: string): boolean => {
    try {
      agents.get(agent);
      return true;
    } catch {
      return false;
    }
  };
  let day: boolean | undefined;
  const isDayOver = (): boolean => {
    day ??= todaysShares({ store, settings }, now).some((share) => isOver(share, 'next'));
    return day;
  };
  return (task) => {
    const why = (reason: WaitsFor, on: readonly (TaskRecord | undefined)[] = []): Waiting => ({
      for: reason,
      on: on.flatMap((other) => (other === undefined ? [] : [other.number])),
    });
    if (pendingApprovals(task).length > 0) return why('approval');
    const open = openDependencies(task, (id) => view.dependency(id));
    if (open.length > 0)
      return why(
        'dependency',
        open.map((dependency) => dependency.task),
      );
    if (!isThere(task.tool)) return why('agent');
    const over = budgetShares(task, view, now).find((share) => isOver(share, 'next'));
    if (over !== undefined) return why('limit', [over.owner]);
    if (isDayOver()) return why('day_limit');
    if (task.status === 'paused' && task.queued_at === undefined) return why('resume');
    if (isFull(task.tool)) return why('agent_limit');
    const other = reservedBy(task, view, now);
    if (other !== undefined) return why('budget', [other]);
    return delayOf(task, now) > 0 ? why('delay') : undefined;
  };
}
