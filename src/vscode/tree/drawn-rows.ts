import { firstOf } from '../../core/first-of.ts';
import { partsDone } from '../../core/graph/parts.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import { type RowContext, taskRow } from '../present/task-row.ts';
import type { GroupKey, Groups } from './groups.ts';
import { type FolderNode, type GroupNode, groupNode, standOf, type TaskNode } from './node.ts';

/** The groups with another number of tasks than drawn; `groups` if one appears or vanishes. */
export function recount(node: FolderNode, groups: Groups): GroupNode[] | 'groups' {
  const counts = groups.counts();
  if (counts.size !== node.drawn.size || [...counts.keys()].some((key) => !node.drawn.has(key))) return 'groups';
  const changed = [...counts].filter(([key, count]) => node.drawn.get(key) !== count);
  node.drawn = counts;
  return changed.map(([key]) => groupNode(node, key));
}

/** The group in which the task changed its position or became visible. */
export function movedIn(
  node: FolderNode,
  groups: Groups,
  task: TaskRecord,
  shown: readonly TaskNode[],
  key: GroupKey,
): GroupNode | undefined {
  const group = groupNode(node, key);
  const order = groups.order(key);
  const row = shown.find((other) => other.parent === group);
  if (row !== undefined) return order(row.task, task) === 0 ? undefined : group;
  const last = [...group.shown.values()].at(-1);
  return last !== undefined && (group.shown.size < group.limit || order(task, last.task) < 0) ? group : undefined;
}

/** True if a row of the task stands in another group or below another parent than the task now. */
export function isMoved(shown: readonly TaskNode[], keys: readonly GroupKey[], task: TaskRecord | undefined): boolean {
  if (task === undefined) return shown.length > 0;
  return shown.some(({ parent }) =>
    parent.kind === 'group' ? !keys.includes(parent.key) : parent.task.id !== task.parent_id,
  );
}

/** The rows above a row of a part. */
export function above(node: TaskNode): TaskNode[] {
  return node.parent.kind === 'task' ? [node.parent, ...above(node.parent)] : [];
}

/** True if the displayed groups or rows of a folder are not the current ones. */
export function isOutdated(node: FolderNode, groups: Groups | undefined): boolean {
  if (node.stood !== standOf(node.folder)) return true;
  if (groups === undefined) return node.drawn.size > 0;
  const counts = groups.counts();
  if (counts.size !== node.drawn.size || [...counts].some(([key, count]) => node.drawn.get(key) !== count)) return true;
  return [...node.groups.values()].some((group) => hasOtherRows(group, groups));
}

function hasOtherRows(group: GroupNode, groups: Groups): boolean {
  if (group.shown.size === 0) return false;
  const shown = [...group.shown.values()];
  const tasks = firstOf(groups.tasks(group.key), group.limit, groups.order(group.key));
  return (
    tasks.length !== shown.length ||
    shown.some((node, index) => {
      const task = tasks[index];
      return task?.id !== node.task.id || looksOther(node, task);
    })
  );
}

/** True if the row of the task changed since it was drawn. Updates the element with the new task. */
export function looksOther(node: TaskNode, task: TaskRecord): boolean {
  const now = Date.now();
  const before = taskRow(node.task, contextOf(node.task, node.group, now));
  node.task = task;
  return JSON.stringify(before) !== JSON.stringify(taskRow(task, contextOf(task, node.group, now)));
}

/** The rows that wait for this task or for budget that it reserves. */
export function shownDependents(node: FolderNode, taskId: string): TaskNode[] {
  const view = node.folder.host?.store.view;
  if (view === undefined) return [];
  const { parent_id: parent } = view.byId(taskId) ?? {};
  const parts = parent === undefined ? [] : [...view.children(parent)].filter((part) => part.queued_at !== undefined);
  const ids = new Set<string>([...view.dependents(taskId), ...parts].map(({ id }) => id));
  ids.delete(taskId);
  return shownAs(node, ids);
}

/** The displayed rows of these tasks. */
export function shownAs(node: FolderNode, taskIds: Iterable<string>): TaskNode[] {
  const wanted = new Set(taskIds);
  return wanted.size === 0 ? [] : [...allShown(node)].filter(({ task }) => wanted.has(task.id));
}

/** The displayed rows of tasks, also those below others. */
export function* allShown(node: FolderNode): Iterable<TaskNode> {
  for (const group of node.groups.values()) yield* rowsBelow(group.shown);
}

function* rowsBelow(rows: ReadonlyMap<string, TaskNode>): Iterable<TaskNode> {
  for (const row of rows.values()) {
    yield row;
    yield* rowsBelow(row.parts);
  }
}

/** Facts for the row of a task besides the task. */
export function contextOf(task: TaskRecord, group: GroupNode, now: number): RowContext {
  const { folder } = group.parent;
  const view = folder.host?.store.view;
  const parts = view === undefined ? undefined : partsDone(task.id, (id) => view.children(id));
  return { now, standing: folderStanding(folder, task, now), parts };
}
