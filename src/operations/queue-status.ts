import { z } from 'zod';
import { openDependencies } from '../core/graph/dependencies.ts';
import { reservedBy } from '../core/policy/budget.ts';
import { pendingApprovals } from '../core/task/approval.ts';
import { atWorkByAgent, isPlayable, isReady } from '../core/task/run.ts';
import { prioritySchema, type TaskRecord } from '../core/task/schema.ts';
import { readQueue } from '../runtime/queue-state.ts';
import { readyTasks } from '../runtime/schedule.ts';
import type { StoreView } from '../store/view.ts';
import { defineOperation, type OperationContext } from './operation.ts';

const SHOWN = 20;

const waitsFor = ['approval', 'dependency', 'agent', 'agent_limit', 'budget'] as const;
type WaitsFor = (typeof waitsFor)[number];

const waitingSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  /** A person, other tasks, an agent that is not there, a limit of tasks of one agent at once, or the limits of a parent. */
  for: z.enum(waitsFor),
  /** Numbers of the tasks that it waits for; those of deleted tasks are not known. */
  on: z.array(z.number().int()),
});

export const queueSchema = z.object({
  playing: z.boolean(),
  /** When it was played or paused last, and by whom; null when nobody ever did. */
  since: z.string().nullable(),
  by: z.string().nullable(),
  /** Numbers of the tasks that a worker has. */
  running: z.array(z.number().int()),
  /** Tasks that may run now, those below among them. */
  ready: z.number().int(),
  /** The first of them, in the order in which they will run. */
  next: z.array(z.object({ number: z.number().int(), title: z.string(), tool: z.string(), priority: prioritySchema })),
  /** Tasks that are to run, and wait; the first of each kind. */
  waiting: z.array(waitingSchema),
  waiting_total: z.number().int(),
});

export type QueueOutput = z.output<typeof queueSchema>;

export const queueStatus = defineOperation({
  name: 'queue.status',
  summary: 'Say whether the queue plays, what runs, what comes next, and what waits for what.',
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  effect: 'read',
  async run(context) {
    await context.store.refresh();
    return describeQueue(context);
  },
});

/** The queue as it is in memory now. */
export async function describeQueue({ store, settings, agents }: OperationContext): Promise<QueueOutput> {
  const { view } = store;
  const { playing, since, by } = await readQueue(store.folder);
  const find = (id: string): TaskRecord | undefined => view.dependency(id);
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
  const held = (task: TaskRecord): z.output<typeof waitingSchema> | undefined => {
    const why = (reason: WaitsFor, on: readonly (TaskRecord | undefined)[] = []): z.output<typeof waitingSchema> => ({
      number: task.number,
      title: task.title,
      for: reason,
      on: on.flatMap((other) => (other === undefined ? [] : [other.number])),
    });
    if (pendingApprovals(task).length > 0) return why('approval');
    const open = openDependencies(task, find);
    if (open.length > 0)
      return why(
        'dependency',
        open.map((dependency) => dependency.task),
      );
    if (!isThere(task.tool)) return why('agent');
    if (isFull(task.tool)) return why('agent_limit');
    const other = reservedBy(task, view, Date.now());
    return other === undefined ? undefined : why('budget', [other]);
  };
  const waiting = [...wanted(view, playing)].flatMap((task) => held(task) ?? []);
  const stuck = new Set(waiting.map(({ number }) => number));
  const fits = (task: TaskRecord): boolean => !stuck.has(task.number);
  const mayRun = playing ? isPlayable : isReady;
  let ready = 0;
  for (const task of wanted(view, playing)) if (fits(task) && mayRun(task, find)) ready += 1;
  return {
    playing,
    since: since ?? null,
    by: by ?? null,
    running: [...view.all()].filter((task) => task.lease !== undefined).map(({ number }) => number),
    ready,
    next: readyTasks(view, SHOWN, { playing, fits }).map(({ number, title, tool, priority }) => ({
      number,
      title,
      tool,
      priority,
    })),
    waiting: firstOfEach(waiting),
    waiting_total: waiting.length,
  };
}

/** Tasks that are to run without another word of a person, and those that wait for such a word. */
function* wanted(view: StoreView, playing: boolean): Iterable<TaskRecord> {
  for (const task of [...view.byStatus('pending'), ...view.byStatus('paused')].sort((a, b) => a.number - b.number)) {
    if (task.kind !== 'work' || task.lease !== undefined) continue;
    if (task.queued_at !== undefined || (playing && task.status === 'pending')) yield task;
  }
}

function firstOfEach(waiting: readonly z.output<typeof waitingSchema>[]): z.output<typeof waitingSchema>[] {
  return waitsFor.flatMap((reason) => waiting.filter((each) => each.for === reason).slice(0, SHOWN));
}
