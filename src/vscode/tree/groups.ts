import type { Column } from '../../core/board/columns.ts';
import { needs } from '../../core/task/needs.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import { taskStatuses } from '../../core/task/values.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { Needing } from '../folders/needing-tasks.ts';
import { groupOrder } from '../present/order.ts';
import type { Sorting } from './arrangement.ts';
import { comparisonOf } from './arrangement.ts';

/**
 * A group: the tasks that need a person, those of a status, `all`, or `project:`, `agent:` and `label:` with a name. Only
 * the board has `queued`.
 */
export type GroupKey = Column | 'all' | `${'project' | 'agent' | 'label'}:${string}`;

/** The group on top. Its tasks stand there alone, unless the tree shows tasks below their parents. */
export const needsYou = 'needs_you';

export type Compare = (a: TaskRecord, b: TaskRecord) => number;

/** The groups of a folder in one arrangement. */
export interface Groups {
  /** The number of tasks of each group, in the order of the tree; empty groups are left out. */
  counts(): ReadonlyMap<GroupKey, number>;
  tasks(key: GroupKey): Iterable<TaskRecord>;
  /** The groups that show a task as a direct row; none if it is filtered out or stands below its parent. */
  keysOf(task: TaskRecord): readonly GroupKey[];
  /** The order of the tasks of a group. A total order. */
  order(key: GroupKey): Compare;
  /** The tasks below a task. */
  parts(task: TaskRecord): readonly TaskRecord[];
  /** Takes in a change of a task. */
  update(taskId: string): void;
}

const statusKeys: readonly GroupKey[] = [needsYou, ...taskStatuses];

/** The groups by status. Reads only tasks of a group that is drawn; the others cost their count. */
export class StatusGroups implements Groups {
  private readonly view: StoreView;
  private readonly needing: () => Needing;
  private readonly compare: Compare | undefined;

  constructor(view: StoreView, needing: () => Needing, sort: Sorting) {
    this.view = view;
    this.needing = needing;
    this.compare = comparisonOf(sort);
  }

  counts(): Map<GroupKey, number> {
    const { view } = this;
    const counts = new Map<GroupKey, number>(statusKeys.map((key) => [key, isStatus(key) ? view.count(key) : 0]));
    for (const id of this.needing().keys()) {
      const task = view.byId(id);
      if (task === undefined) continue;
      counts.set(needsYou, (counts.get(needsYou) ?? 0) + 1);
      counts.set(task.status, (counts.get(task.status) ?? 0) - 1);
    }
    for (const [key, count] of counts) if (count <= 0) counts.delete(key);
    return counts;
  }

  *tasks(key: GroupKey): Iterable<TaskRecord> {
    const needing = this.needing();
    if (isStatus(key)) {
      for (const task of this.view.byStatus(key)) if (!needing.has(task.id)) yield task;
      return;
    }
    for (const id of needing.keys()) {
      const task = this.view.byId(id);
      if (task !== undefined) yield task;
    }
  }

  keysOf(task: TaskRecord): GroupKey[] {
    return [this.needing().has(task.id) ? needsYou : task.status];
  }

  order(key: GroupKey): Compare {
    if (!isStatus(key)) return needOrder(this.needing());
    return this.compare ?? groupOrder(key);
  }

  parts(): readonly TaskRecord[] {
    return [];
  }

  update(): void {}
}

/** The most pressing need first, then the oldest. */
export function needOrder(needing: Needing): Compare {
  const urgency = ({ id }: TaskRecord): number => {
    const need = needing.get(id);
    return need === undefined ? needs.length : needs.indexOf(need);
  };
  return (a, b) => urgency(a) - urgency(b) || a.number - b.number;
}

export function isStatus(key: GroupKey): key is TaskStatus {
  return taskStatuses.some((status) => status === key);
}
