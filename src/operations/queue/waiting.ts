import { z } from 'zod';
import { onlyQuestions } from '../../core/task/approval.ts';
import { awaitsConfirmation } from '../../core/task/confirmation.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { isWanted, type Standing, waitReasons } from '../../core/task/standing.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import type { WithStandings } from '../context.ts';
import { standings } from './standings.ts';

/** Why a task that is queued, or was interrupted, does not run. */
export const waitingSchema = z.object({
  /**
   * A person who decides (`approval`), answers (`question`) or confirms a task from outside (`confirmation`), other tasks of its own or of a task above it (`dependency`, `parent_dependency`), an agent that
   * was not found, a missing script, a person who accepts a cost limit that cannot be counted (`uncounted`), a limit of the task or of a task above it that was reached (`limit`), the limit of
   * the day, a person who resumes it after that (`resume`), the number of tasks that one agent may do at once, a shared
   * limit that another task has reserved (`budget`), the delay before it resumes automatically (`delay`), the rate limit of its model (`rate_limit`), a free
   * slot among those of the workers (`parallel_limit`), or a worker that recovers it after its process died (`recovery`).
   */
  for: z.enum(waitReasons),
  /** Numbers of the tasks that it waits for, or whose limit it is. */
  on: z.array(z.number().int()),
  /** Deleted tasks that it waits for. */
  deleted: z.array(z.object({ number: z.number().int(), title: z.string() })).optional(),
  /** Number of the task above it whose dependencies it waits for. */
  through: z.number().int().optional(),
  /** The number of slots for one of which it waits. */
  slots: z.number().int().optional(),
  /** When the rate limit of its model ends. */
  until: z.string().optional(),
});

export type Waiting = z.output<typeof waitingSchema>;

/** The reason why each queued task, or task from outside, waits; undefined for one that may run, runs, or is not queued. */
export async function waitings(context: WithStandings): Promise<(task: TaskRecord) => Waiting | undefined> {
  const { playing } = await readQueue(context.store.coordination);
  const standingOf = await standings(context);
  return (task) => {
    if (isWanted(task, playing) || awaitsConfirmation(task)) return waitingOf(standingOf(task));
    const situation = task.status === 'in_progress' ? standingOf(task) : undefined;
    return situation?.kind === 'waiting' ? waitingOf(situation) : undefined;
  };
}

/** The part of a standing that `--json` shows of a queued task. */
export function waitingOf(situation: Standing): Waiting | undefined {
  if (situation.kind === 'asking') {
    return { for: onlyQuestions(situation.requests) ? 'question' : 'approval', on: [] };
  }
  if (situation.kind !== 'waiting') return undefined;
  const { for: reason, on, through, slots, until } = situation;
  const numbers = on.flatMap(({ task }) => (task === undefined ? [] : [task.number]));
  const deleted = on.flatMap((ref) => ref.deleted ?? []).map(({ number, title }) => ({ number, title }));
  return {
    for: reason,
    on: numbers,
    ...(deleted.length === 0 ? {} : { deleted }),
    ...(through === undefined ? {} : { through: through.number }),
    ...(slots === undefined ? {} : { slots }),
    ...(until === undefined ? {} : { until }),
  };
}
