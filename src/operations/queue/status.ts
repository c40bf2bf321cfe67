import { z } from 'zod';
import { awaitsConfirmation } from '../../core/task/confirmation.ts';
import { atWorkByAgent } from '../../core/task/ready.ts';
import { prioritySchema, type TaskRecord } from '../../core/task/schema.ts';
import { isWanted, standing, waitReasons } from '../../core/task/standing.ts';
import { knownWorkers } from '../../runtime/liveness/presence.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import { queuedTasks } from '../../runtime/schedule/scheduler.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { WithImported, WithStandings } from '../context.ts';
import { daySpend, daySpendSchema } from '../metrics/day-spend.ts';
import { defineOperation } from '../operation.ts';
import { slotsOf } from './standings.ts';
import { waitingOf, waitingSchema } from './waiting.ts';
import { worldNow } from './world-now.ts';

const SHOWN = 20;

const heldSchema = waitingSchema.extend({ number: z.number().int(), title: z.string() });
type Held = z.output<typeof heldSchema>;

export const queueSchema = z.object({
  playing: z.boolean(),
  /** The last time of playing or pausing, and the person; null if it never happened. */
  since: z.string().nullable(),
  by: z.string().nullable(),
  /** Numbers of the tasks that a worker has. */
  running: z.array(z.number().int()),
  /** Of these, tasks whose agent has been inactive for minutes, and the time of its last activity. */
  quiet: z.array(z.object({ number: z.number().int(), since: z.string() })),
  /** Running tasks, without sessions that wait for a person. */
  at_work: z.number().int(),
  /** Maximum number of running tasks: the largest of the living workers, without one that of the settings. */
  max_parallel: z.number().int(),
  /**
   * Why no task runs: no task is queued while the queue plays (`empty`) or is paused (`paused`), every queued
   * task is waiting (`waiting`), queued tasks are imported and unconfirmed (`unconfirmed`), or ready tasks have no
   * worker yet (`no_worker`). Null while a task runs, and briefly until a worker claims the next one.
   */
  idle: z.enum(['empty', 'paused', 'waiting', 'unconfirmed', 'no_worker']).nullable(),
  /** The use of the folder's daily limits; null without one. */
  today: daySpendSchema.nullable(),
  /** Tasks that may run now. */
  ready: z.number().int(),
  /** Tasks that may run now, and those that wait only for a free slot. */
  next_total: z.number().int(),
  /** The first of these, in the order in which they will run. */
  next: z.array(z.object({ number: z.number().int(), title: z.string(), tool: z.string(), priority: prioritySchema })),
  /** Waiting tasks, the first of each kind. */
  waiting: z.array(heldSchema),
  waiting_total: z.number().int(),
});

export type QueueOutput = z.output<typeof queueSchema>;

export const queueStatus = defineOperation('queue.status', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  takesNothing: true,
  async run(context: WithStandings & WithImported) {
    await context.store.refresh();
    await context.readSettings();
    return describeQueue(context);
  },
});

/** The current queue in memory. */
export async function describeQueue(context: WithStandings & WithImported): Promise<QueueOutput> {
  const { store } = context;
  const { view } = store;
  const { playing, since, by } = await readQueue(store.coordination);
  const slots = await slotsOf(context);
  const world = worldNow(context, playing, slots);
  const waiting: Held[] = [];
  const next = new Set<string>();
  let ready = 0;
  let queued = 0;
  for (const task of wanted(view, playing)) {
    const situation = standing(task, world);
    const held = waitingOf(situation);
    if (held !== undefined) waiting.push({ number: task.number, title: task.title, ...held });
    if (situation.kind === 'ready') ready += 1;
    if (held !== undefined && isWanted(task, playing)) queued += 1;
    if (situation.kind === 'ready' || held?.for === 'parallel_limit') next.add(task.id);
  }
  const fits = (task: TaskRecord): boolean => next.has(task.id);
  const atWork = [...atWorkByAgent(view).values()].reduce((a, b) => a + b, 0);
  const running = [...view.all()].filter((task) => task.lease !== undefined);
  return {
    playing,
    since: since ?? null,
    by: by ?? null,
    running: running.map(({ number }) => number),
    quiet: [...running, ...withoutLease(view)].flatMap((task) => {
      const situation = standing(task, world);
      const quietSince = situation.kind === 'running' ? situation.quietSince : undefined;
      return quietSince === undefined ? [] : [{ number: task.number, since: quietSince }];
    }),
    at_work: atWork,
    max_parallel: slots,
    idle: atWork > 0 ? null : await whyIdle(context, { playing, ready, waiting: queued }),
    today: daySpend(context, Date.now()),
    ready,
    next_total: next.size,
    next: queuedTasks(view, SHOWN, { playing, fits }).map(({ number, title, tool, priority }) => ({
      number,
      title,
      tool,
      priority,
    })),
    waiting: firstOfEach(waiting),
    waiting_total: waiting.length,
  };
}

async function whyIdle(
  context: WithStandings & WithImported,
  { playing, ready, waiting }: { playing: boolean; ready: number; waiting: number },
): Promise<QueueOutput['idle']> {
  if (ready > 0) {
    if (context.importedTasks !== undefined) return 'unconfirmed';
    return (await knownWorkers(context.store.coordination)).length === 0 ? 'no_worker' : null;
  }
  if (waiting > 0) return 'waiting';
  return playing ? 'empty' : 'paused';
}

function withoutLease(view: StoreView): TaskRecord[] {
  return [...view.byStatus('in_progress')].filter((task) => task.lease === undefined);
}

function* wanted(view: StoreView, playing: boolean): Iterable<TaskRecord> {
  for (const task of [...view.byStatus('pending'), ...view.byStatus('paused')].sort((a, b) => a.number - b.number)) {
    if (isWanted(task, playing) || awaitsConfirmation(task)) yield task;
  }
}

function firstOfEach(waiting: readonly Held[]): Held[] {
  return waitReasons.flatMap((reason) => waiting.filter((each) => each.for === reason).slice(0, SHOWN));
}
