import type { Need } from '../../core/task/needs.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { taskStatuses } from '../../core/task/values.ts';
import { parseViewFilter } from '../../core/task/view-filter.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { Needing } from '../folders/needing-tasks.ts';
import { groupOrder } from '../present/order.ts';
import { type Arrangement, comparisonOf, type Grouping } from './arrangement.ts';
import { type Compare, type GroupKey, type Groups, isStatus, needOrder, needsYou } from './groups.ts';

/** Facts of a folder that its groups depend on. */
export interface GroupFacts {
  readonly view: StoreView;
  readonly needing: () => Needing;
  readonly standingOf: (task: TaskRecord) => Standing;
  /** Set for the board, where queued tasks stand apart and parts stand beside their parents. */
  readonly columnOf?: (task: TaskRecord, need: Need | undefined) => GroupKey;
}

/**
 * The groups of any arrangement. Sorts every task into its groups once; a change costs one task and its neighbours, so
 * that a filter of a large folder does not read all tasks at each change.
 */
export class SortedGroups implements Groups {
  private readonly facts: GroupFacts;
  private readonly grouping: Grouping;
  private readonly compare: Compare | undefined;
  private readonly matches: ReturnType<typeof parseViewFilter>;
  private readonly members = new Map<GroupKey, Map<string, TaskRecord>>();
  private readonly placed = new Map<string, readonly GroupKey[]>();

  constructor(facts: GroupFacts, { group, sort, filter }: Arrangement) {
    this.facts = facts;
    this.grouping = group;
    this.compare = comparisonOf(sort);
    this.matches = parseViewFilter(filter);
    for (const task of facts.view.all()) this.place(task.id, task);
  }

  counts(): Map<GroupKey, number> {
    const filled = [...this.members].filter(([, tasks]) => tasks.size > 0);
    return new Map(filled.map(([key, { size }]) => [key, size] as const).sort(([a], [b]) => compareKeys(a, b)));
  }

  tasks(key: GroupKey): Iterable<TaskRecord> {
    return this.members.get(key)?.values() ?? [];
  }

  keysOf({ id }: TaskRecord): readonly GroupKey[] {
    return this.placed.get(id) ?? [];
  }

  order(key: GroupKey): Compare {
    if (key === needsYou) return needOrder(this.facts.needing());
    if (this.compare !== undefined) return this.compare;
    return key === 'queued' ? groupOrder('pending') : isStatus(key) ? groupOrder(key) : byNumber;
  }

  parts(task: TaskRecord): readonly TaskRecord[] {
    if (this.grouping !== 'project') return [];
    const parts = [...this.facts.view.children(task.id)].filter((part) => this.isShown(part));
    return parts.sort(this.compare ?? byNumber);
  }

  update(taskId: string): void {
    const { view } = this.facts;
    this.place(taskId, view.byId(taskId));
    // Blocked and released tasks, and parts that a filter shows without their parent.
    for (const other of [...view.dependents(taskId), ...view.children(taskId)]) this.place(other.id, other);
  }

  private place(id: string, task: TaskRecord | undefined): void {
    for (const key of this.placed.get(id) ?? []) this.members.get(key)?.delete(id);
    const keys = task === undefined || !this.isShown(task) ? [] : this.groupsOf(task);
    if (task === undefined || keys.length === 0) this.placed.delete(id);
    else this.placed.set(id, keys);
    for (const key of keys) {
      const tasks = this.members.get(key) ?? new Map<string, TaskRecord>();
      if (task !== undefined) tasks.set(id, task);
      this.members.set(key, tasks);
    }
  }

  private isShown(task: TaskRecord): boolean {
    return task.archived_at === undefined && this.matches(task, () => this.facts.standingOf(task));
  }

  private groupsOf(task: TaskRecord): GroupKey[] {
    const { columnOf } = this.facts;
    const need = this.facts.needing().get(task.id);
    if (columnOf !== undefined) return this.grouping === 'status' ? [columnOf(task, need)] : this.namesOf(task);
    const needed: GroupKey[] = need === undefined ? [] : [needsYou];
    if (this.grouping === 'project') return [...needed, ...this.projectOf(task)];
    return needed.length > 0 ? needed : this.namesOf(task);
  }

  private namesOf(task: TaskRecord): GroupKey[] {
    switch (this.grouping) {
      case 'status':
        return [task.status];
      case 'project':
        return [`project:${task.project ?? ''}`];
      case 'agent':
        return [`agent:${task.tool}`];
      case 'label':
        return task.labels.length === 0 ? ['label:'] : task.labels.map((label) => `label:${label}` as const);
      case 'none':
        return ['all'];
    }
  }

  /** None for a part: it stands below its parent. */
  private projectOf(task: TaskRecord): GroupKey[] {
    const parent = task.parent_id === undefined ? undefined : this.facts.view.byId(task.parent_id);
    return parent !== undefined && this.isShown(parent) ? [] : this.namesOf(task);
  }
}

function byNumber(a: TaskRecord, b: TaskRecord): number {
  return a.number - b.number;
}

/** Needs You, then statuses in the order of the lifecycle, then names; tasks without a name are last. */
function compareKeys(a: GroupKey, b: GroupKey): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(key: GroupKey): number {
  if (key === needsYou) return -1;
  if (isStatus(key)) return taskStatuses.indexOf(key);
  return key.endsWith(':') ? 1_000 : 100;
}
