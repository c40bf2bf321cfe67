import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { FolderState, TaskFolder } from '../folders/task-folder.ts';

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
  readonly groups: Map<TaskStatus, GroupNode>;
  /** Number of tasks by status when the groups were drawn. */
  readonly drawn: Map<TaskStatus, number>;
  /** Positions of its tasks when it was drawn. */
  stood: FolderState['kind'];
}

/** The tasks of one status. */
export interface GroupNode {
  readonly kind: 'group';
  readonly parent: FolderNode;
  readonly status: TaskStatus;
  /** Number of displayed tasks. */
  limit: number;
  /** The nodes that were shown last, by id. */
  shown: Map<string, TaskNode>;
  readonly more: MoreNode;
}

export interface TaskNode {
  readonly kind: 'task';
  readonly parent: GroupNode;
  /** The last displayed record. */
  task: TaskRecord;
  asks: Map<string, ApprovalNode>;
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

export function folderNode(folder: TaskFolder): FolderNode {
  return { kind: 'folder', folder, groups: new Map(), drawn: new Map(), stood: folder.state.kind };
}

/** The group of a status, made on first use. */
export function groupNode(parent: FolderNode, status: TaskStatus): GroupNode {
  const known = parent.groups.get(status);
  if (known !== undefined) return known;
  const more = { kind: 'more' } as { -readonly [K in keyof MoreNode]: MoreNode[K] };
  const group: GroupNode = { kind: 'group', parent, status, limit: PAGE, shown: new Map(), more };
  more.parent = group;
  parent.groups.set(status, group);
  return group;
}

/** True for an element of ours; arguments of commands come from anywhere. */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && kinds.has(String(value.kind));
}

const kinds: ReadonlySet<string> = new Set<TreeNode['kind']>(['folder', 'group', 'task', 'approval', 'more']);
