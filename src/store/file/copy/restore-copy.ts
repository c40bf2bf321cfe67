import { isTerminal } from '../../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { batchesOf } from '../../batches.ts';
import type { StoreMutation } from '../../journal/draft.ts';
import { fromOutside } from '../../journal/hand-edit.ts';
import type { CopyFile } from './copy-file.ts';

export interface RestoreContext {
  readonly copy: () => Promise<CopyFile>;
  readonly byId: (id: string) => TaskRecord | undefined;
  readonly isRemoved: (id: string) => boolean;
  readonly archivedIds: () => Promise<ReadonlySet<string>>;
  readonly refresh: () => Promise<void>;
  readonly mutate: (name: string, mutation: StoreMutation<void>) => Promise<void>;
}

/** Tasks of a copy that the store does not have. */
export interface MissingTasks {
  /** When the copy was made, ISO 8601 UTC. */
  readonly savedAt: string;
  /** The place of the copy, absolute. */
  readonly file: string;
  readonly tasks: readonly TaskRecord[];
  /** False for a copy whose signature cannot be checked. */
  readonly isSigned: boolean;
}

/** The tasks of copies of which the store knows no task at all: it was removed or emptied. */
export async function missingTasks(context: RestoreContext): Promise<MissingTasks | undefined> {
  const copies = await unknownTasks(context);
  return copies.find(({ tasks, of }) => tasks.length > 0 && tasks.length === of);
}

/**
 * Brings back the tasks of the copies that the store does not have, without anything that runs them. Tasks in the store stay as they
 * are. A taken number is replaced by the next free one.
 *
 * @returns the restored tasks, by number
 */
export async function restoreTasks(context: RestoreContext): Promise<TaskRecord[]> {
  await context.refresh();
  const restored = new Map<string, TaskRecord>();
  for (const { tasks, savedAt, isSigned } of await unknownTasks(context)) {
    const wanted = tasks.filter(({ id }) => !restored.has(id)).sort((a, b) => a.number - b.number);
    for (const batch of batchesOf(wanted)) {
      await context.mutate('doctor.restore', (draft) => {
        for (const task of batch) {
          if (draft.byId(task.id) !== undefined) continue;
          // A program of the account could have written a copy that has no signature: a person confirms its tasks.
          draft.restore({
            ...atRest(isSigned ? task : fromOutside(task)),
            revision: task.revision + 1,
            updated_at: draft.at,
          });
          draft.log(task.id, { message: `Restored from the copy of ${savedAt}. Its earlier log is not in the copy.` });
        }
      });
      for (const { id } of batch) {
        const task = context.byId(id);
        if (task !== undefined) restored.set(id, task);
      }
    }
  }
  await (await context.copy()).forgetAside();
  return [...restored.values()].sort((a, b) => a.number - b.number);
}

async function unknownTasks(context: RestoreContext): Promise<(MissingTasks & { readonly of: number })[]> {
  const copies = await (await context.copy()).read();
  if (copies.length === 0) return [];
  const archived = await context.archivedIds();
  return copies.map(({ file, savedAt, tasks, isSigned }) => ({
    file,
    isSigned,
    savedAt,
    of: tasks.length,
    tasks: tasks.filter(({ id }) => context.byId(id) === undefined && !context.isRemoved(id) && !archived.has(id)),
  }));
}

/** The task with its history and its branch, but neither queued nor running. */
function atRest(task: TaskRecord): TaskRecord {
  const record = { ...task };
  for (const key of running) delete record[key];
  return {
    ...record,
    status: isTerminal(task.status) ? task.status : 'pending',
    approvals: task.approvals.filter(({ status }) => status !== 'pending'),
    executions: task.executions.filter(({ ended_at }) => ended_at !== undefined),
  };
}

const running = [
  ...(['queued_at', 'lease', 'pause_reason', 'not_before', 'active_since', 'resume_session_id'] as const),
  ...(['goes_on_with', 'restored', 'recoveries'] as const),
];
