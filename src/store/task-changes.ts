import { checkDependencies, checkParent } from '../core/graph/dependencies.ts';
import { type NewTaskFields, newTaskRecord } from '../core/task/create.ts';
import { requireDeletable } from '../core/task/delete.ts';
import { creationOf } from '../core/task/log-entry.ts';
import { checkRevision } from '../core/task/revision.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { applyUpdate, type UpdateTaskParams } from '../core/task/update.ts';
import type { Draft } from './journal/draft.ts';

/** Creates a task as part of a larger change. Checks that the tasks it refers to exist; a part inherits its project. */
export function addTask(draft: Draft, params: NewTaskFields): { id: TaskRecord['id'] } {
  const record = newTaskRecord({ ...params, project: params.project ?? projectOf(draft, params.parentId) }, draft.at);
  checkDependencies(record, record.depends_on, (id) => draft.byId(id));
  if (record.parent_id !== undefined) checkParent(record, record.parent_id, (id) => draft.byId(id));
  draft.create(record);
  draft.log(record.id, creationOf(record));
  return { id: record.id };
}

/** A part belongs to the project of its parent. */
function projectOf(draft: Draft, parentId: string | undefined): string | undefined {
  return parentId === undefined ? undefined : draft.byId(parentId)?.project;
}

/**
 * Changes the given fields as part of a larger change; null removes a value.
 *
 * @throws TaskError `RevisionConflict` when it is no longer at `ifRevision`
 */
export function updateIn(
  draft: Draft,
  task: TaskRecord,
  updates: UpdateTaskParams,
  ifRevision: number | undefined,
): void {
  checkRevision(task, ifRevision);
  const patch = applyUpdate(task, updates, draft.at);
  if (patch.depends_on !== undefined || patch.parent_id !== undefined) {
    draft.guardGraph();
    checkDependencies(task, patch.depends_on ?? [], (id) => draft.dependency(id));
    if (patch.parent_id !== undefined) checkParent(task, patch.parent_id, (id) => draft.byId(id));
  }
  draft.patch(task.id, patch);
}

/** Deletes a task as part of a larger change. @throws TaskError `TaskRunning` while an agent works on it */
export function deleteFrom(draft: Draft, task: TaskRecord): void {
  requireDeletable(task);
  for (const child of draft.children(task.id)) {
    draft.patch(child.id, { parent_id: undefined });
    draft.log(child.id, { level: 'warn', message: `Its parent #${task.number} "${task.title}" was deleted.` });
  }
  const { number, title } = task;
  for (const dependent of draft.dependents(task.id)) {
    const deleted = { ...dependent.deleted_dependencies, [task.id]: { number, title } };
    draft.patch(dependent.id, { deleted_dependencies: deleted });
    draft.log(dependent.id, {
      level: 'warn',
      message: `It depends on #${task.number} "${task.title}", which was deleted.`,
    });
  }
  draft.delete(task.id);
}
