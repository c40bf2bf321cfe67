import { TaskError } from '../../core/errors.ts';
import { checkDependencies, checkParent } from '../../core/graph/dependencies.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import { type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import { applyUpdate, type UpdateTaskParams, updateTaskSchema } from '../../core/task/update.ts';
import { changedKeys } from './changed-keys.ts';
import type { Draft, StoreDraft } from './draft.ts';

/** What a person may change in a file: what `updateTask` takes, and keys that the product does not know. */
const updatable = new Set(Object.keys(updateTaskSchema.shape));
const known = new Set(Object.keys(taskRecordSchema.shape));

/**
 * Makes of a task what a person wrote into its file, by the rules of any other change.
 *
 * @param changed keys that others have changed since the state that the person saw; undefined when that is not known
 * @returns the keys that were changed
 * @throws TaskError for what cannot be changed like this
 */
export function applyHandEdit(
  draft: Draft,
  task: TaskRecord,
  edited: TaskRecord,
  changed: ReadonlySet<string> | undefined,
): string[] {
  if (edited.revision > task.revision) throw refused(task, 'its revision was changed');
  if (edited.revision < task.revision && changed === undefined) {
    throw refused(task, 'it was changed by others meanwhile, and it is not known what');
  }
  const keys = changedKeys(task, edited).filter(
    (key) => key !== 'revision' && key !== 'updated_at' && (edited.revision === task.revision || !changed?.has(key)),
  );
  const fixed = keys.filter((key) => known.has(key) && !updatable.has(key));
  if (fixed.length > 0) throw refused(task, `${fixed.join(', ')} cannot be changed like this`);
  if (keys.length === 0) return keys;
  const values = edited as Record<string, unknown>;
  const mine = keys.filter((key) => updatable.has(key));
  const updates = Object.fromEntries(mine.map((key) => [key, values[key] ?? null])) as UpdateTaskParams;
  const patch: TaskPatch = applyUpdate(task, updates, draft.at);
  for (const key of keys) if (!updatable.has(key)) Object.assign(patch, { [key]: values[key] });
  checkPlace(draft, { ...task, ...patch } as TaskRecord);
  draft.guardGraph();
  draft.patch(task.id, patch);
  draft.log(task.id, { message: `Changed by hand in its file: ${keys.join(', ')}` });
  return keys;
}

/** Takes a record as it is in its file, where nothing else is known of the task. What leads in a circle is left out. */
export function adoptRecord(draft: StoreDraft, record: TaskRecord): void {
  const task: TaskRecord = { ...record, updated_at: draft.at };
  try {
    checkPlace(draft, task);
  } catch (error) {
    if (!TaskError.is(error, 'DependencyCycle')) throw error;
    task.depends_on = [];
    delete task.parent_id;
    draft.log(task.id, { level: 'warn', message: `${error.message} Its dependencies and its parent were left out.` });
  }
  draft.adopt(task);
  draft.log(task.id, { message: 'Taken over as it was changed by hand in its file' });
}

function checkPlace(draft: Draft, task: TaskRecord): void {
  // One that is gone is known to be possible, and says so where the task is shown.
  const there = task.depends_on.filter((id) => draft.dependency(id) !== undefined);
  checkDependencies(task, there, (id) => draft.dependency(id));
  if (task.parent_id !== undefined && draft.byId(task.parent_id) !== undefined) {
    checkParent(task, task.parent_id, (id) => draft.byId(id));
  }
}

function refused(task: TaskRecord, why: string): TaskError {
  return new TaskError('InvalidInput', `#${task.number} was changed by hand, but ${why}.`, {
    next: [operationStep('Change it with an operation', 'task.update', { task: task.number })],
  });
}
