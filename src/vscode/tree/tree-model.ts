import { firstOf } from '../../core/first-of.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { taskStatuses } from '../../core/task/values.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { groupOrder } from '../present/order.ts';
import { type RowContext, taskRow } from '../present/task-row.ts';
import {
  type ApprovalNode,
  type FolderNode,
  folderNode,
  type GroupNode,
  groupNode,
  type TaskNode,
  type TreeNode,
} from './node.ts';

/** Elements to draw again: all, these, or none. */
export type Redraw = 'all' | readonly TreeNode[];

/**
 * The elements of the tree and the effect of a change on them. Independent of the look of rows and the time of drawing.
 * Reads only the visible part: a collapsed group costs only its count.
 */
export class TreeModel {
  private readonly folders: TaskFolders;
  private nodes = new Map<TaskFolder, FolderNode>();

  constructor(folders: TaskFolders) {
    this.folders = folders;
  }

  /** Folders where there are several, else the groups of the only one. */
  roots(): TreeNode[] {
    const before = this.nodes;
    this.nodes = new Map(this.folders.all.map((folder) => [folder, before.get(folder) ?? folderNode(folder)]));
    for (const node of this.nodes.values()) node.stood = node.folder.state.kind;
    const [first, second] = this.nodes.values();
    if (first === undefined) return [];
    return second === undefined ? this.groups(first) : [...this.nodes.values()];
  }

  children(node: TreeNode): TreeNode[] {
    switch (node.kind) {
      case 'folder':
        return this.groups(node);
      case 'group':
        return this.tasks(node);
      case 'task':
        return this.approvals(node);
      default:
        return [];
    }
  }

  parent(node: TreeNode): TreeNode | undefined {
    if (node.kind === 'folder') return undefined;
    if (node.kind === 'group') return this.nodes.size > 1 ? node.parent : undefined;
    return node.parent;
  }

  /** The element of a task, if its group shows it now. */
  find(folder: TaskFolder, taskId: string): TaskNode | undefined {
    const task = folder.host?.store.view.byId(taskId);
    const node = this.nodes.get(folder);
    if (task === undefined || node === undefined) return undefined;
    const group = groupNode(node, task.status);
    if (!group.shown.has(taskId)) this.tasks(group);
    return group.shown.get(taskId);
  }

  /** Number of tasks of a group. */
  count(group: GroupNode): number {
    return viewOf(group)?.count(group.status) ?? 0;
  }

  /** Facts for the row of a task besides the task. */
  context(node: TaskNode, now: number): RowContext {
    return contextOf(node.task, node.parent, now);
  }

  /** Elements to draw again after a change of a task. Rows that look the same afterwards stay. */
  change({ folder, taskId, task }: TaskChange): Redraw {
    const node = this.nodes.get(folder);
    if (node === undefined) return 'all';
    const shown = shownAs(node, taskId);
    // A move between groups redraws the root, so that the selection follows the row.
    if (shown !== undefined && shown.parent.status !== task?.status) return this.whole(node);
    const counted = this.recount(node);
    if (counted === 'groups') return this.whole(node);
    const moved = task === undefined ? undefined : this.moved(node, task, shown);
    const groups = moved === undefined ? counted : [...new Set([...counted, moved])];
    if (shown !== undefined && task !== undefined && moved === undefined && looksOther(shown, task))
      return [...groups, shown];
    return groups.length === 0 ? [] : [...groups, ...shownDependents(node, taskId)];
  }

  /**
   * True if the displayed rows are outdated. A store that opened during the first drawing, or was reopened, often has
   * the same tasks. Redrawing everything removes the rows briefly, and a button pressed in that time does not know its
   * row.
   */
  outdated(): boolean {
    const drawn = [...this.nodes.values()];
    const { all } = this.folders;
    return all.length !== drawn.length || drawn.some((node, index) => node.folder !== all[index] || isOutdated(node));
  }

  /** The shown rows whose words change with time: ages, and how long something runs. */
  aging(): TaskNode[] {
    const shown: TaskNode[] = [];
    for (const node of this.nodes.values())
      for (const group of node.groups.values()) shown.push(...group.shown.values());
    return shown;
  }

  private whole(node: FolderNode): Redraw {
    return this.nodes.size > 1 ? [node] : 'all';
  }

  /** The groups whose number of tasks is not the one that was drawn; `groups` when one appears or vanishes. */
  private recount(node: FolderNode): GroupNode[] | 'groups' {
    const view = node.folder.host?.store.view;
    const changed: GroupNode[] = [];
    for (const status of taskStatuses) {
      const count = view?.count(status) ?? 0;
      const drawn = node.drawn.get(status) ?? 0;
      if ((count === 0) !== (drawn === 0)) return 'groups';
      if (count !== drawn) changed.push(groupNode(node, status));
      node.drawn.set(status, count);
    }
    return changed;
  }

  /** The group in which the task changed its position or became visible. */
  private moved(node: FolderNode, task: TaskRecord, shown: TaskNode | undefined): GroupNode | undefined {
    const group = groupNode(node, task.status);
    const order = groupOrder(task.status);
    if (shown !== undefined) return order(shown.task, task) === 0 ? undefined : group;
    const last = [...group.shown.values()].at(-1);
    return last !== undefined && (group.shown.size < group.limit || order(task, last.task) < 0) ? group : undefined;
  }

  private groups(node: FolderNode): GroupNode[] {
    const view = node.folder.host?.store.view;
    if (view === undefined) return [];
    for (const status of taskStatuses) node.drawn.set(status, view.count(status));
    return taskStatuses.filter((status) => view.count(status) > 0).map((status) => groupNode(node, status));
  }

  private tasks(group: GroupNode): TreeNode[] {
    const view = viewOf(group);
    if (view === undefined) return [];
    const tasks = firstOf(view.byStatus(group.status), group.limit, groupOrder(group.status));
    const before = group.shown;
    group.shown = new Map(tasks.map((task) => [task.id, taskNode(group, task, before.get(task.id))]));
    const nodes: TreeNode[] = [...group.shown.values()];
    if (this.count(group) > nodes.length) nodes.push(group.more);
    return nodes;
  }

  private approvals(node: TaskNode): ApprovalNode[] {
    const before = node.asks;
    node.asks = new Map(
      pendingApprovals(node.task).map((approval) => {
        const known: ApprovalNode = before.get(approval.id) ?? { kind: 'approval', parent: node, approval };
        known.approval = approval;
        return [approval.id, known];
      }),
    );
    return [...node.asks.values()];
  }
}

function isOutdated(node: FolderNode): boolean {
  const { folder } = node;
  const view = folder.host?.store.view;
  if (node.stood !== folder.state.kind) return true;
  if (taskStatuses.some((status) => (view?.count(status) ?? 0) !== (node.drawn.get(status) ?? 0))) return true;
  return view !== undefined && [...node.groups.values()].some((group) => hasOtherRows(group, view));
}

function hasOtherRows(group: GroupNode, view: StoreView): boolean {
  if (group.shown.size === 0) return false;
  const shown = [...group.shown.values()];
  const tasks = firstOf(view.byStatus(group.status), group.limit, groupOrder(group.status));
  return (
    tasks.length !== shown.length ||
    shown.some((node, index) => {
      const task = tasks[index];
      return task?.id !== node.task.id || looksOther(node, task);
    })
  );
}

/** True if the row of the task changed since it was drawn. Updates the element with the new task. */
function looksOther(node: TaskNode, task: TaskRecord): boolean {
  const now = Date.now();
  const before = taskRow(node.task, contextOf(node.task, node.parent, now));
  node.task = task;
  return JSON.stringify(before) !== JSON.stringify(taskRow(task, contextOf(task, node.parent, now)));
}

/** The rows that wait for this task or for budget that it reserves. */
function shownDependents(node: FolderNode, taskId: string): TaskNode[] {
  const view = node.folder.host?.store.view;
  if (view === undefined) return [];
  const { parent_id: parent } = view.byId(taskId) ?? {};
  const parts = parent === undefined ? [] : [...view.children(parent)].filter((part) => part.queued_at !== undefined);
  const ids = new Set<string>([...view.dependents(taskId), ...parts].map(({ id }) => id));
  ids.delete(taskId);
  return [...ids].flatMap((id) => shownAs(node, id) ?? []);
}

function taskNode(parent: GroupNode, task: TaskRecord, known: TaskNode | undefined): TaskNode {
  if (known === undefined) return { kind: 'task', parent, task, asks: new Map() };
  known.task = task;
  return known;
}

function shownAs(node: FolderNode, taskId: string): TaskNode | undefined {
  for (const group of node.groups.values()) {
    const shown = group.shown.get(taskId);
    if (shown !== undefined) return shown;
  }
  return undefined;
}

function viewOf(group: GroupNode): StoreView | undefined {
  return group.parent.folder.host?.store.view;
}

function contextOf(task: TaskRecord, group: GroupNode, now: number): RowContext {
  const { folder } = group.parent;
  return { now, standing: folderStanding(folder, task, now) };
}
