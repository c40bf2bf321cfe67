import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { newTaskId } from '../core/task/id.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { batchesOf } from './batches.ts';
import type { JournaledRepository } from './engine/journaled-repository.ts';
import type { ArchivedName } from './ports.ts';

/** Log entries that are read at once. */
const LOG_PAGE = 1_000;

/** The content of a store that was moved. */
export interface Moved {
  readonly tasks: number;
  readonly archived: number;
  readonly logEntries: number;
}

/**
 * Copies all tasks, archived tasks and logs of one store into another one, unchanged, with the number of the next task.
 * The source stays as it is.
 *
 * @throws TaskError `InvalidInput` if the target has tasks, or a task of the source is being worked on;
 * `RevisionConflict` if a task of the source changed while it was copied
 */
export async function moveStore(from: JournaledRepository, to: JournaledRepository): Promise<Moved> {
  await Promise.all([from.refresh(), to.refresh()]);
  const archived = await from.archive.names();
  const tasks = [...from.view.all()].sort((a, b) => depthOf(b, from) - depthOf(a, from) || a.number - b.number);
  await requireEmpty(to);
  requireRest(tasks);
  let logEntries = 0;
  for (const batch of batchesOf(tasks)) await to.implant(batch);
  for (const { id } of tasks) logEntries += await copyLog(from, to, id);
  for (const name of archived) {
    const task = await from.archive.read(name);
    if (task === undefined) throw unreadable(name);
    logEntries += await copyLog(from, to, name.id);
    await to.implantArchived(task);
  }
  await reserveNumbers(from, to);
  await from.refresh();
  requireUnchanged(tasks, from);
  return { tasks: tasks.length, archived: archived.length, logEntries };
}

/** Parts come before their groups: a group follows the parts that it has. */
function depthOf(task: TaskRecord, { view }: JournaledRepository): number {
  let depth = 0;
  const seen = new Set<string>([task.id]);
  for (let next = task.parent_id; next !== undefined && !seen.has(next); next = view.byId(next)?.parent_id) {
    seen.add(next);
    depth += 1;
  }
  return depth;
}

async function requireEmpty(to: JournaledRepository): Promise<void> {
  const tasks = to.view.size + (await to.archive.names()).length;
  if (tasks === 0) return;
  throw new TaskError('InvalidInput', `The target has ${tasks === 1 ? 'a task' : `${tasks} tasks`} already.`, {
    next: [textStep('Move the tasks into an empty store.')],
  });
}

function requireRest(tasks: readonly TaskRecord[]): void {
  const numbers = tasks.filter(({ lease }) => lease !== undefined).map(({ number }) => `#${number}`);
  if (numbers.length === 0) return;
  throw new TaskError('InvalidInput', `A worker has ${numbers.slice(0, 10).join(', ')}.`, {
    next: [textStep('Pause these tasks, or stop the worker; then move the store.')],
  });
}

/** A worker or a window that uses the source does not know about the move. */
function requireUnchanged(tasks: readonly TaskRecord[], { view }: JournaledRepository): void {
  if (view.size === tasks.length && tasks.every(({ id, revision }) => view.byId(id)?.revision === revision)) return;
  throw new TaskError('RevisionConflict', 'The source changed while its tasks were copied. The copy is not complete.', {
    next: [textStep('Close all windows and workers of the source; then move the tasks into another empty store.')],
  });
}

async function copyLog(from: JournaledRepository, to: JournaledRepository, id: string): Promise<number> {
  let after = 0;
  for (;;) {
    const { entries, next } = await from.readLog(id, { after, limit: LOG_PAGE });
    if (entries.length === 0) break;
    await to.appendLog(id, entries, true);
    after = next;
  }
  await to.syncLog(id);
  return to.countLog(id);
}

/** The number of a deleted task is not given again. */
async function reserveNumbers({ view }: JournaledRepository, to: JournaledRepository): Promise<void> {
  const last = view.nextNumber - 1;
  if (to.view.nextNumber > last) return;
  const id = newTaskId();
  const at = new Date().toISOString();
  await to.implant([placeholder(id, last, at)]);
  await to.mutate('store.migrate', (draft) => draft.delete(id));
}

function placeholder(id: TaskRecord['id'], number: number, at: string): TaskRecord {
  return {
    schema_version: 1,
    id,
    number,
    revision: 1,
    kind: 'work',
    title: 'Deleted task',
    description: 'Deleted task',
    status: 'pending',
    tool: 'SHELL',
    priority: 'medium',
    depends_on: [],
    labels: [],
    metadata: {},
    constraints: {},
    acceptance_criteria: [],
    review: 'none',
    approvals: [],
    follow_ups: [],
    executions: [],
    history: [],
    active_ms: 0,
    created_at: at,
    updated_at: at,
  };
}

function unreadable({ number }: ArchivedName): TaskError {
  return new TaskError('StoreNotWritable', `The archived task #${number} cannot be read. The move has stopped.`, {
    next: [textStep('Repair it with doctor; then move the tasks into another empty store.')],
  });
}
