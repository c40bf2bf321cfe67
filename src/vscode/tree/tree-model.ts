import { firstOf } from '../../core/first-of.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { Needing, NeedingTasks } from '../folders/needing-tasks.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { RowContext } from '../present/task-row.ts';
import { type Arrangement, initialArrangement } from './arrangement.ts';
import {
  above,
  allShown,
  contextOf,
  isMoved,
  isOutdated,
  looksOther,
  movedIn,
  recount,
  shownAs,
  shownDependents,
} from './drawn-rows.ts';
import { type Groups, StatusGroups } from './groups.ts';
import {
  type ApprovalNode,
  type FolderNode,
  folderNode,
  type GroupNode,
  groupNode,
  standOf,
  type TaskNode,
  type TreeNode,
  taskNode,
} from './node.ts';
import { SortedGroups } from './sorted-groups.ts';

/** Elements to draw again: all, these, or none. */
export type Redraw = 'all' | readonly TreeNode[];

/**
 * The elements of the tree and the effect of a change on them. Independent of the look of rows and the time of drawing.
 * Reads only the visible part: a collapsed group costs only its count.
 */
export class TreeModel {
  private readonly folders: TaskFolders;
  private readonly needing: Pick<NeedingTasks, 'of'>;
  private nodes = new Map<TaskFolder, FolderNode>();
  private arrangement = initialArrangement;
  private sorted = new WeakMap<StoreView, Groups>();

  constructor(folders: TaskFolders, needing: Pick<NeedingTasks, 'of'>) {
    this.folders = folders;
    this.needing = needing;
  }

  /** Arranges the tasks in another way. The caller draws everything again. */
  arrange(arrangement: Arrangement): void {
    this.arrangement = arrangement;
    this.sorted = new WeakMap();
    for (const node of this.nodes.values()) node.groups.clear();
  }

  /** Folders where there are several, else the groups of the only one. */
  roots(): TreeNode[] {
    const before = this.nodes;
    this.nodes = new Map(this.folders.all.map((folder) => [folder, before.get(folder) ?? folderNode(folder)]));
    for (const node of this.nodes.values()) node.stood = standOf(node.folder);
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
        return [...this.approvals(node), ...this.parts(node)];
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
    const groups = this.groupsOf(folder);
    if (task === undefined || node === undefined || groups === undefined) return undefined;
    const [key] = groups.keysOf(task);
    if (key === undefined) return undefined;
    const group = groupNode(node, key);
    if (!group.shown.has(taskId)) this.tasks(group);
    return group.shown.get(taskId);
  }

  /** Number of tasks of a group. */
  count(group: GroupNode): number {
    return this.groupsOf(group.parent.folder)?.counts().get(group.key) ?? 0;
  }

  /** Facts for the row of a task besides the task. */
  context(node: TaskNode, now: number): RowContext {
    return contextOf(node.task, node.group, now);
  }

  /** True if the tree shows tasks below this one. */
  hasParts(node: TaskNode): boolean {
    return (this.groupsOf(node.group.parent.folder)?.parts(node.task).length ?? 0) > 0;
  }

  /** Elements to redraw after a change of a task. Rows with an unchanged look are not included. */
  change({ folder, taskId, task }: TaskChange): Redraw {
    const node = this.nodes.get(folder);
    const groups = this.groupsOf(folder);
    if (node === undefined || groups === undefined) return 'all';
    groups.update(taskId);
    const shown = shownAs(node, [taskId]);
    const keys = task === undefined ? [] : groups.keysOf(task);
    const parent = shown.length > 0 || task?.parent_id === undefined ? [] : shownAs(node, [task.parent_id]);
    // A move between groups redraws the root, so that the selection follows the row.
    if (isMoved(shown, keys, task)) return this.whole(node);
    const counted = recount(node, groups);
    if (counted === 'groups') return this.whole(node);
    const moved = task === undefined ? [] : keys.flatMap((key) => movedIn(node, groups, task, shown, key) ?? []);
    const changed = [...new Set([...counted, ...moved, ...parent])];
    if (task !== undefined && moved.length === 0) {
      const rows = shown.filter((row) => looksOther(row, task));
      if (rows.length > 0) return [...changed, ...rows, ...rows.flatMap(above)];
    }
    return changed.length === 0 ? [] : [...changed, ...shownDependents(node, taskId)];
  }

  /**
   * True if the displayed rows are outdated. A store that opened during the first drawing, or was reopened, often has
   * the same tasks. Redrawing everything removes the rows briefly, and a button pressed in that time does not know its
   * row.
   */
  outdated(): boolean {
    // Needs and situations follow the queue, which is not a change of a task.
    this.sorted = new WeakMap();
    const drawn = [...this.nodes.values()];
    const { all } = this.folders;
    return (
      all.length !== drawn.length ||
      drawn.some((node, index) => node.folder !== all[index] || isOutdated(node, this.groupsOf(node.folder)))
    );
  }

  /** The visible rows with relative times: ages and durations of running tasks. */
  aging(): TaskNode[] {
    const shown: TaskNode[] = [];
    for (const node of this.nodes.values()) shown.push(...allShown(node));
    return shown;
  }

  private whole(node: FolderNode): Redraw {
    return this.nodes.size > 1 ? [node] : 'all';
  }

  private groupsOf(folder: TaskFolder): Groups | undefined {
    const view = folder.host?.store.view;
    if (view === undefined) return undefined;
    const known = this.sorted.get(view);
    if (known !== undefined) return known;
    const needing = (): Needing => this.needing.of(folder);
    const { group, sort, filter } = this.arrangement;
    const standingOf = (task: TaskRecord): Standing => folderStanding(folder, task, Date.now());
    const groups =
      group === 'status' && filter === ''
        ? new StatusGroups(view, needing, sort)
        : new SortedGroups({ view, needing, standingOf }, this.arrangement);
    this.sorted.set(view, groups);
    return groups;
  }

  private groups(node: FolderNode): GroupNode[] {
    node.drawn = this.groupsOf(node.folder)?.counts() ?? new Map();
    return [...node.drawn.keys()].map((key) => groupNode(node, key));
  }

  private tasks(group: GroupNode): TreeNode[] {
    const groups = this.groupsOf(group.parent.folder);
    if (groups === undefined) return [];
    const tasks = firstOf(groups.tasks(group.key), group.limit, groups.order(group.key));
    const before = group.shown;
    group.shown = new Map(tasks.map((task) => [task.id, taskNode(group, group, task, before.get(task.id))]));
    const nodes: TreeNode[] = [...group.shown.values()];
    if (this.count(group) > nodes.length) nodes.push(group.more);
    return nodes;
  }

  private parts(node: TaskNode): TaskNode[] {
    const parts = this.groupsOf(node.group.parent.folder)?.parts(node.task) ?? [];
    const before = node.parts;
    // A damaged store can contain a cycle of parents.
    const shown = parts.filter(({ id }) => !above(node).some(({ task }) => task.id === id));
    node.parts = new Map(shown.map((task) => [task.id, taskNode(node.group, node, task, before.get(task.id))]));
    return [...node.parts.values()];
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
