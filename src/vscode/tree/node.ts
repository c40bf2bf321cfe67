import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { FolderState, TaskFolder } from '../folders/task-folder.ts';
import type { GroupKey } from './groups.ts';

/** Number of tasks of a group at first, and of each "Show more". */
export const PAGE = 100;

/**
 * Elements of the tree. Each has one stable object, because the editor refreshes by element; its content is in `task`
 * and `approval`, which are replaced.
 */
export type TreeNode = FolderNode | GroupNode | TaskNode | ApprovalNode | MoreNode;

/** A workspace folder; only shown when there are several. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly folder: TaskFolder;
  readonly groups: Map<GroupKey, GroupNode>;
  /** Number of tasks of each group when the groups were drawn. */
  drawn: ReadonlyMap<GroupKey, number>;
  /** The state of the folder and its queue when its row was drawn. */
  stood: ReturnType<typeof standOf>;
}

/** Tasks that need a person, or the other tasks of one status. */
export interface GroupNode {
  readonly kind: 'group';
  readonly parent: FolderNode;
  readonly key: GroupKey;
  /** Number of displayed tasks. */
  limit: number;
  /** The nodes that were shown last, by id. */
  shown: Map<string, TaskNode>;
  readonly more: MoreNode;
}

export interface TaskNode {
  readonly kind: 'task';
  readonly group: GroupNode;
  readonly parent: GroupNode | TaskNode;
  /** The last displayed record. */
  task: TaskRecord;
  asks: Map<string, ApprovalNode>;
  /** The tasks below it, if the tree shows them there. */
  parts: Map<string, TaskNode>;
}

/** A request that waits for a person. */
export interface ApprovalNode {
  readonly kind: 'approval';
  readonly parent: TaskNode;
  approval: Approval;
}

/** The row that shows more of a group. */
export interface MoreNode {
  readonly kind: 'more';
  readonly parent: GroupNode;
}

/** The parts of a folder's state that its row shows. */
export function standOf({ state, isPlaying }: TaskFolder): FolderState['kind'] | 'playing' {
  return isPlaying ? 'playing' : state.kind;
}

export function folderNode(folder: TaskFolder): FolderNode {
  return { kind: 'folder', folder, groups: new Map(), drawn: new Map(), stood: standOf(folder) };
}

/** A group of a folder, created on first use. */
export function groupNode(parent: FolderNode, key: GroupKey): GroupNode {
  const known = parent.groups.get(key);
  if (known !== undefined) return known;
  const more = { kind: 'more' } as { -readonly [K in keyof MoreNode]: MoreNode[K] };
  const group: GroupNode = { kind: 'group', parent, key, limit: PAGE, shown: new Map(), more };
  more.parent = group;
  parent.groups.set(key, group);
  return group;
}

/** A row of a task. A known one keeps its object and shows the current record. */
export function taskNode(
  group: GroupNode,
  parent: GroupNode | TaskNode,
  task: TaskRecord,
  known: TaskNode | undefined,
): TaskNode {
  if (known === undefined) return { kind: 'task', group, parent, task, asks: new Map(), parts: new Map() };
  known.task = task;
  return known;
}

/** True for an element of ours; arguments of commands come from anywhere. */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && kinds.has(String(value.kind));
}

const kinds: ReadonlySet<string> = new Set<TreeNode['kind']>(['folder', 'group', 'task', 'approval', 'more']);
