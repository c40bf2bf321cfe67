import { z } from 'zod';
import { pendingApprovals } from '../core/task/approval.ts';
import { isReady } from '../core/task/run.ts';
import { type TaskRecord, type TaskStatus, taskStatuses, taskStatusSchema } from '../core/task/schema.ts';
import { livingWorkers } from '../runtime/presence.ts';
import { defineOperation } from './operation.ts';

const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** When it was started; unknown of one on another machine. */
  since: z.string().nullable(),
  mode: z.enum(['foreground', 'background', 'embedded']).nullable(),
  /** Numbers of the tasks that it has taken. */
  tasks: z.array(z.number().int()),
});

type WorkerState = z.output<typeof workerSchema>;

/** How a folder's tasks stand. Workers are the living ones of this machine, and those elsewhere that hold a task. */
export const status = defineOperation({
  name: 'status',
  summary: 'Say how the tasks of this folder stand, and whether a worker is alive.',
  input: z.strictObject({}),
  output: z.object({
    folder: z.string(),
    /** Why nothing can be changed here; null when it can. */
    read_only: z.string().nullable(),
    /** What could not be understood when the tasks were read, in words. */
    problems: z.array(z.string()),
    total: z.number().int(),
    by_status: z.record(taskStatusSchema, z.number().int()),
    /** Started, and waiting for nothing but a worker. */
    ready: z.number().int(),
    /** Requests that wait for a person. */
    asks: z.number().int(),
    workers: z.array(workerSchema),
  }),
  positional: [],
  effect: 'read',
  async run({ store }) {
    await store.refresh();
    const { view } = store;
    const workers = await alive(store.folder);
    let asks = 0;
    let ready = 0;
    for (const task of view.all()) {
      asks += pendingApprovals(task).length;
      if (isReady(task, (id) => view.dependency(id))) ready += 1;
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
    };
  },
});

async function alive(folder: string): Promise<Map<string, WorkerState>> {
  const workers = await livingWorkers(folder);
  return new Map(
    workers.map(({ id, host, pid, since, mode }) => [
      id,
      { id, host, pid, since, mode, tasks: [] } satisfies WorkerState,
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
    workers.set(id, { id, host, pid, since: null, mode: null, tasks: [task.number] });
  }
}
