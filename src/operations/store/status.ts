import { z } from 'zod';
import { pendingApprovals } from '../../core/task/approval.ts';
import { type TaskRecord, type TaskStatus, taskStatuses, taskStatusSchema } from '../../core/task/schema.ts';
import { knownWorkers } from '../../runtime/liveness/presence.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { storeAreas } from '../../store/maintenance.ts';
import type { Coordination } from '../../store/ports.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { WithStandings } from '../context.ts';
import { daySpend, daySpendSchema } from '../metrics/day-spend.ts';
import { defineOperation } from '../operation.ts';
import { standings } from '../queue/standings.ts';

const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** When it was started; unknown of one on another machine. */
  since: z.string().nullable(),
  mode: z.enum(['foreground', 'background', 'embedded']).nullable(),
  /** Names of the agents whose tasks it runs, in a shared store; null if it did not say. */
  agents: z.array(z.string()).nullable(),
  /** Maximum number of its running tasks; null for that of the settings. */
  max_parallel: z.number().int().nullable(),
  /** Milliseconds since it last announced itself in a shared store. */
  seen_ago_ms: z.number().int().nullable(),
  /** Numbers of the tasks that it has taken. */
  tasks: z.array(z.number().int()),
});

const sizeSchema = z.object({ files: z.number().int(), bytes: z.number().int() });

const storageSchema = z.object({
  bytes: z.number().int(),
  areas: z.record(z.enum(storeAreas), sizeSchema),
  /** True when large folders were measured by a sample. */
  estimated: z.boolean(),
});

const SAMPLE = 200;

type WorkerState = z.output<typeof workerSchema>;

/** Counts the tasks of a folder. Workers are the live ones of this machine, and those elsewhere that hold a lease. */
export const status = defineOperation('status', {
  input: z.strictObject({}),
  output: z.object({
    folder: z.string(),
    /** Why the store is read-only; null if it is writable. */
    read_only: z.string().nullable(),
    /** Descriptions of unreadable files. */
    problems: z.array(z.string()),
    total: z.number().int(),
    by_status: z.record(taskStatusSchema, z.number().int()),
    /** Started, and waiting only for a worker. */
    ready: z.number().int(),
    /** Requests that wait for a person. */
    asks: z.number().int(),
    workers: z.array(workerSchema),
    /** Null without a limit of the day. */
    today: daySpendSchema.nullable(),
    /** Tasks that were taken out of memory; not in `total`. */
    archived: z.number().int(),
    /** Room that it takes on disk; null for a store that is kept elsewhere. */
    storage: storageSchema.nullable(),
    /** Bytes of memory: of this process, and of one task about. */
    memory: z.object({ heap_bytes: z.number().int(), task_bytes: z.number().int(), tasks_bytes: z.number().int() }),
  }),
  positional: [],
  takesNothing: true,
  async run(context: WithStandings) {
    const { store } = context;
    await store.refresh();
    await context.readSettings();
    const { view } = store;
    const workers = await alive(store.coordination);
    const standingOf = await standings(context);
    let asks = 0;
    let ready = 0;
    for (const task of view.all()) {
      asks += pendingApprovals(task).length;
      if (task.queued_at !== undefined && standingOf(task).kind === 'ready') ready += 1;
      noteLease(task, workers);
    }
    return {
      folder: store.folder,
      read_only: store.readOnly ?? null,
      problems: [...store.problems],
      total: view.size,
      by_status: Object.fromEntries(taskStatuses.map((name) => [name, view.count(name)])) as Record<TaskStatus, number>,
      ready,
      asks,
      workers: [...workers.values()],
      today: daySpend(context, Date.now()),
      archived: await store.archive.count(),
      storage: await storageOf(store),
      memory: memoryOf(view),
    };
  },
});

async function storageOf(store: TaskStore): Promise<z.output<typeof storageSchema> | null> {
  const sizes = await store.maintenance?.sizes();
  if (sizes === undefined) return null;
  const total = storeAreas.reduce((sum, area) => sum + sizes.areas[area].bytes, 0);
  return { bytes: total, areas: sizes.areas, estimated: sizes.estimated };
}

/** Estimated from a sample: the size of a record as text, doubled for its objects and the indexes. */
function memoryOf(view: StoreView): { heap_bytes: number; task_bytes: number; tasks_bytes: number } {
  let chars = 0;
  let count = 0;
  for (const task of view.all()) {
    if (count === SAMPLE) break;
    chars += JSON.stringify(task).length;
    count += 1;
  }
  const task = count === 0 ? 0 : Math.round((chars / count) * 2);
  return { heap_bytes: process.memoryUsage().heapUsed, task_bytes: task, tasks_bytes: task * view.size };
}

async function alive(coordination: Coordination): Promise<Map<string, WorkerState>> {
  const workers = await knownWorkers(coordination);
  return new Map(
    workers.map(({ id, host, pid, since, mode, agents = null, max_parallel = null, seenAgo }) => [
      id,
      {
        id,
        host,
        pid,
        since,
        mode,
        agents: agents && [...agents],
        max_parallel,
        seen_ago_ms: Math.round(seenAgo),
        tasks: [],
      } satisfies WorkerState,
    ]),
  );
}

function noteLease(task: TaskRecord, workers: Map<string, WorkerState>): void {
  const { lease } = task;
  if (lease === undefined) return;
  const known = workers.get(lease.worker);
  if (known !== undefined) known.tasks.push(task.number);
  else {
    const { worker: id, host, pid } = lease;
    workers.set(id, {
      id,
      host,
      pid,
      since: null,
      mode: null,
      agents: null,
      max_parallel: null,
      seen_ago_ms: null,
      tasks: [task.number],
    });
  }
}
