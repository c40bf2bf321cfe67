import { checkDependencies } from '../../core/graph/dependencies.ts';
import { changedFields, type PlanField, sourceOf } from '../../core/plan/match.ts';
import type { PlanItem } from '../../core/plan/plan.ts';
import { describe } from '../../core/task/create.ts';
import type { TaskId } from '../../core/task/id.ts';
import { isTerminal, type TaskPatch } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { cancel, complete, pause } from '../../core/task/session.ts';
import { applyUpdate, type TaskUpdates } from '../../core/task/update.ts';
import type { Draft } from '../../store/journal/draft.ts';

/** The effect of a newer version of an item on the task that came from it. */
export interface TaskChange {
  /** Fields that change. */
  readonly fields: readonly PlanField[];
  /** The reason for which changes of the source are not applied. */
  readonly skipped?: string | undefined;
}

/** Compares an item with its task. A field that is equal in both versions of the source keeps the changes of people. */
export function changeOf(item: PlanItem, task: TaskRecord): TaskChange {
  const source = sourceOf(task);
  const fields = source === undefined ? [] : changedFields(item, source).filter((field) => !equals(field, item, task));
  if (fields.length === 0) return { fields };
  if (task.lease !== undefined || task.status === 'in_progress' || task.status === 'completed_active') {
    return { fields: [], skipped: `#${task.number} is running: ${fields.join(', ')} changed in the source.` };
  }
  if (isTerminal(task.status)) {
    return { fields: [], skipped: `#${task.number} is ${task.status}: ${fields.join(', ')} changed in the source.` };
  }
  return { fields };
}

/** True if the task has the value of the item already. */
function equals(field: PlanField, item: PlanItem, task: TaskRecord): boolean {
  const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  switch (field) {
    case 'title':
      return item.title === task.title;
    case 'description':
      return describe(item.description, item.title) === task.description;
    case 'instructions':
      return item.instructions === task.instructions;
    case 'priority':
      return (item.priority ?? 'medium') === task.priority;
    case 'labels':
      return same(item.labels ?? [], task.labels);
    case 'constraints':
      return same(item.constraints ?? {}, task.constraints);
    case 'acceptance':
      return same(item.acceptance ?? [], task.acceptance_criteria);
    case 'status':
      // An unchecked box never reopens a task.
      return item.status === undefined || item.status === 'pending' || item.status === task.status;
    case 'metadata':
      return Object.entries(item.metadata ?? {}).every(([key, value]) => same(value, task.metadata[key]));
    case 'dependsOn':
      return false;
  }
}

/** Applies the changed fields of an item to its task, and records its place in the source. */
export function updateTask(
  draft: Draft,
  task: TaskRecord,
  {
    metadata: planned,
    item,
    change,
    resolve,
  }: {
    /** The place of the item in its source. */
    metadata: Readonly<Record<string, unknown>>;
    item: PlanItem;
    change: TaskChange;
    resolve: (name: string) => TaskId;
  },
): void {
  // A skipped change stays visible: the next application reports it again.
  if (change.skipped !== undefined) return;
  const updates: TaskUpdates = {};
  for (const field of change.fields) Object.assign(updates, updateOf(field, item));
  if (change.fields.includes('dependsOn')) {
    const ids = [...new Set((item.dependsOn ?? []).map(resolve))];
    checkDependencies(task, ids, (id) => draft.dependency(id));
    draft.guardGraph();
    updates.depends_on = ids;
  }
  const metadata = { ...task.metadata, ...planned };
  if (JSON.stringify(metadata) !== JSON.stringify(task.metadata)) updates.metadata = metadata;
  if (Object.keys(updates).length > 0) draft.patch(task.id, applyUpdate(task, updates, draft.at));
  if (change.fields.includes('status')) draft.patch(task.id, statusPatch(draft.require(task.id), item, draft.at));
}

function updateOf(field: PlanField, item: PlanItem): TaskUpdates {
  switch (field) {
    case 'title':
      return { title: item.title };
    case 'description':
      return { description: item.description ?? '' };
    case 'instructions':
      return { instructions: item.instructions ?? null };
    case 'priority':
      return { priority: item.priority ?? 'medium' };
    case 'labels':
      return { labels: item.labels ?? [] };
    case 'constraints':
      return { constraints: item.constraints ?? {} };
    case 'acceptance':
      return { acceptance_criteria: item.acceptance ?? [] };
    default:
      return {};
  }
}

function statusPatch(task: TaskRecord, item: PlanItem, at: string): TaskPatch {
  const reason = 'changed in the source of its plan';
  if (item.status === 'completed') return complete(task, at, { reason });
  if (item.status === 'cancelled') return cancel(task, at, reason);
  return item.status === 'paused' && task.status === 'pending' ? pause(task, at, reason) : {};
}
