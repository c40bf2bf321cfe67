import { Frontier } from '../../core/graph/frontier.ts';
import { LAST_COUNTED, nextBeside } from '../../core/task/number.ts';
import { isPlayable, isReady } from '../../core/task/ready.ts';
import { renewals, renewedKeys, renewedLease } from '../../core/task/renewal.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { Change } from './change.ts';
import { changedKeys } from './changed-keys.ts';
import { GroupIndex } from './group-index.ts';
import { RecentChanges } from './recent-changes.ts';
import type { VersionedView } from './view.ts';

/** The effect of one change. */
export type StateChange =
  | { readonly kind: 'created'; readonly task: TaskRecord }
  | {
      readonly kind: 'updated';
      readonly before: TaskRecord;
      readonly task: TaskRecord;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'deleted'; readonly before: TaskRecord; readonly archived?: true };

/** All tasks in memory, with the indexes for the rules and the faces. Independent of files. */
export class StoreState implements VersionedView {
  /** Counts changes. */
  version = 0;
  nextNumber = 1;
  private tasks = new Map<string, TaskRecord>();
  private numbers = new Map<number, string>();
  private statuses = new GroupIndex((task) => [task.status]);
  private leases = new GroupIndex((task) => (task.lease === undefined ? [] : ['leased']));
  private readonly recent = new RecentChanges();
  /** Created on first use and updated from then on. */
  private projects: GroupIndex | undefined;
  private labels: GroupIndex | undefined;
  private dependentsOf = new Map<string, Set<string>>();
  private childrenOf = new Map<string, Set<string>>();
  /** Archived tasks that tasks in memory depend on: all others are not held. */
  private kept = new Map<string, TaskRecord>();
  /** Tasks that were deleted or archived, as far as the journal still records them. */
  private removed = new Set<string>();
  private ordered = true;
  private highest = 0;
  private upToDate: Frontier | undefined;
  private whenPlaying: Frontier | undefined;

  get size(): number {
    return this.tasks.size;
  }

  byId(id: string): TaskRecord | undefined {
    return this.tasks.get(id);
  }

  byNumber(number: number): TaskRecord | undefined {
    const id = this.numbers.get(number);
    return id === undefined ? undefined : this.tasks.get(id);
  }

  all(): Iterable<TaskRecord> {
    if (!this.ordered) this.order();
    return this.tasks.values();
  }

  dependency(id: string): TaskRecord | undefined {
    return this.tasks.get(id) ?? this.kept.get(id);
  }

  /** Ids of unknown dependencies: deleted, or in the archive. */
  unknownDependencies(): string[] {
    return [...this.dependentsOf.keys()].filter((id) => this.dependency(id) === undefined);
  }

  /** Stores an archived task if other tasks depend on it. */
  keepArchived(task: TaskRecord): void {
    if (!this.dependentsOf.has(task.id) || this.tasks.has(task.id)) return;
    this.kept.set(task.id, task);
    this.touch(task.id, task.number);
  }

  /** Created on first use and updated from then on: most processes never use it. */
  get frontier(): Frontier {
    this.upToDate ??= this.frontierOf(isReady);
    return this.upToDate;
  }

  /** Created and updated like `frontier`. */
  get playable(): Frontier {
    this.whenPlaying ??= this.frontierOf(isPlayable);
    return this.whenPlaying;
  }

  byStatus(status: TaskStatus): Iterable<TaskRecord> {
    return this.statuses.of(status);
  }

  leased(): Iterable<TaskRecord> {
    return this.leases.of('leased');
  }

  changedSince(version: number): readonly TaskRecord[] | undefined {
    return this.recent.since(version, this.version);
  }

  byProject(project: string): Iterable<TaskRecord> {
    this.projects ??= this.indexed((task) => (task.project === undefined ? [] : [task.project]));
    return this.projects.of(project);
  }

  byLabel(label: string): Iterable<TaskRecord> {
    this.labels ??= this.indexed((task) => task.labels);
    return this.labels.of(label);
  }

  dependents(id: string): Iterable<TaskRecord> {
    return this.records(this.dependentsOf.get(id));
  }

  children(id: string): Iterable<TaskRecord> {
    return this.records(this.childrenOf.get(id));
  }

  count(status: TaskStatus): number {
    return this.statuses.count(status);
  }

  /** Puts a task as it was read from its file. Call in order of numbers, so that `all` is in that order. */
  load(task: TaskRecord): void {
    this.put(task);
    this.nextNumber = nextBeside(task.number, this.nextNumber);
  }

  /** Takes over another state at once: callers see the one or the other. The other must not be used again. */
  adopt(other: StoreState): void {
    this.version += 1;
    this.recent.forget(this.version);
    this.upToDate = undefined;
    this.whenPlaying = undefined;
    this.nextNumber = other.nextNumber;
    this.ordered = other.ordered;
    this.highest = other.highest;
    this.tasks = other.tasks;
    this.numbers = other.numbers;
    this.statuses = other.statuses;
    this.leases = other.leases;
    this.projects = other.projects;
    this.labels = other.labels;
    this.dependentsOf = other.dependentsOf;
    this.childrenOf = other.childrenOf;
    this.kept = other.kept;
    this.removed = other.removed;
  }

  /** Whether a task is not here because it was deleted or archived, and not because its file could not be read. */
  isRemoved(id: string): boolean {
    return this.removed.has(id);
  }

  /** Removed tasks need no further work. */
  forgetRemoved(ids: Iterable<string>): void {
    for (const id of ids) this.removed.delete(id);
  }

  /** Takes out a task that was loaded but turned out not to belong here. */
  unload(task: TaskRecord): void {
    this.remove(task);
  }

  /**
   * Applies an accepted change. A change that the state already contains (a task file may be newer than the replayed
   * line of the journal) has no effect and returns undefined.
   */
  apply(change: Change, at: string): StateChange | undefined {
    const before = this.tasks.get(change.id);
    if (change.op === 'delete') this.removed.add(change.id);
    else if (change.op !== 'set') this.removed.delete(change.id);
    if (change.op === 'create') {
      if (before !== undefined) {
        this.nextNumber = nextBeside(before.number, this.nextNumber);
        return undefined;
      }
      const task = { ...change.task, number: this.takeNumber(), revision: 1 } as TaskRecord;
      this.put(task);
      return { kind: 'created', task };
    }
    if (change.op === 'restore') {
      return before === undefined ? this.restore(change.task) : this.renew(before, change.task);
    }
    if (change.op === 'delete' && change.archived === undefined) this.forgetKept(change.id);
    if (before === undefined) return undefined;
    if (change.op === 'delete') {
      this.remove(before);
      if (change.archived === undefined) return { kind: 'deleted', before };
      this.keepArchived({ ...before, archived_at: at });
      return { kind: 'deleted', before, archived: true };
    }
    if (change.rev <= before.revision && !isLaterRenewal(before, change)) return undefined;
    const task = patched(before, change, at);
    this.put(task);
    return { kind: 'updated', before, task, keys: [...Object.keys(change.set), ...(change.unset ?? [])] };
  }

  private frontierOf(mayRun: typeof isReady): Frontier {
    const frontier = new Frontier({
      find: (id) => this.byId(id),
      dependents: (id) => this.dependents(id),
      isReady: (task) => mayRun(task, (id) => this.dependency(id)),
      isDone: (id) => this.dependency(id)?.status === 'completed',
    });
    for (const task of this.kept.values()) frontier.touch(task.id, task.number);
    for (const task of this.tasks.values()) frontier.touch(task.id, task.number);
    return frontier;
  }

  private touch(id: string, number: number): void {
    this.upToDate?.touch(id, number);
    this.whenPlaying?.touch(id, number);
  }

  private restore(task: TaskRecord): StateChange {
    // A task with this number was added to the folder manually.
    const restored = this.numbers.has(task.number) ? { ...task, number: this.takeNumber() } : task;
    this.nextNumber = nextBeside(restored.number, this.nextNumber);
    this.kept.delete(task.id);
    this.put(restored);
    return { kind: 'created', task: restored };
  }

  /** A whole record in the place of an older one. */
  private renew(before: TaskRecord, record: TaskRecord): StateChange | undefined {
    // Its file may be newer than this line: its number is taken all the same.
    this.nextNumber = nextBeside(before.number, this.nextNumber);
    if (record.revision <= before.revision) return undefined;
    const holder = this.numbers.get(record.number) ?? record.id;
    const task = holder === record.id ? record : { ...record, number: before.number };
    if (task.number !== before.number) this.remove(before);
    this.nextNumber = nextBeside(task.number, this.nextNumber);
    this.put(task);
    return { kind: 'updated', before, task, keys: changedKeys(before, task) };
  }

  /** Skips the numbers that do not count. A smaller one that is held belongs to the new task: the journal decides. */
  private takeNumber(): number {
    let number = this.nextNumber;
    while (number > LAST_COUNTED && this.numbers.has(number)) number += 1;
    this.nextNumber = number + 1;
    return number;
  }

  private forgetKept(id: string): void {
    const kept = this.kept.get(id);
    if (kept === undefined) return;
    this.kept.delete(id);
    this.touch(id, kept.number);
  }

  private order(): void {
    const sorted = [...this.tasks].sort(([, a], [, b]) => a.number - b.number);
    this.tasks.clear();
    for (const [id, task] of sorted) this.tasks.set(id, task);
    this.ordered = true;
  }

  private indexed(keysOf: (task: TaskRecord) => readonly string[]): GroupIndex {
    const index = new GroupIndex(keysOf);
    for (const task of this.tasks.values()) index.put(task);
    return index;
  }

  private *records(ids: ReadonlySet<string> | undefined): Iterable<TaskRecord> {
    for (const id of ids ?? []) {
      const task = this.tasks.get(id);
      if (task !== undefined) yield task;
    }
  }

  private put(task: TaskRecord): void {
    this.version += 1;
    this.touch(task.id, task.number);
    const before = this.tasks.get(task.id);
    this.recent.note(this.version, before, task);
    if (before !== undefined) this.unindex(before, task);
    else if (task.number < this.highest) this.ordered = false;
    this.highest = Math.max(this.highest, task.number);
    this.tasks.set(task.id, task);
    this.numbers.set(task.number, task.id);
    for (const index of this.indexes()) index?.put(task, before);
    for (const id of task.depends_on) insert(this.dependentsOf, id, task.id);
    if (task.parent_id !== undefined) insert(this.childrenOf, task.parent_id, task.id);
  }

  private remove(task: TaskRecord): void {
    this.version += 1;
    this.recent.note(this.version, task, undefined);
    this.touch(task.id, task.number);
    this.unindex(task, undefined);
    for (const index of this.indexes()) index?.remove(task);
    this.tasks.delete(task.id);
    if (this.numbers.get(task.number) === task.id) this.numbers.delete(task.number);
  }

  private indexes(): readonly (GroupIndex | undefined)[] {
    return [this.statuses, this.leases, this.projects, this.labels];
  }

  private unindex(before: TaskRecord, after: TaskRecord | undefined): void {
    if (before.depends_on !== after?.depends_on) {
      for (const id of before.depends_on) withdraw(this.dependentsOf, id, before.id);
    }
    if (before.parent_id !== undefined && before.parent_id !== after?.parent_id) {
      withdraw(this.childrenOf, before.parent_id, before.id);
    }
  }
}

/** Renewals share a revision. Their count shows which of them a record already contains. */
function isLaterRenewal(before: TaskRecord, { rev, set, unset }: Extract<Change, { op: 'set' }>): boolean {
  return rev === before.revision && (renewedLease(before, set, unset)?.renewal ?? 0) > renewals(before);
}

/** The record that a `set` makes of another. A renewed lease does not count as an update of the task. */
export function patched(before: TaskRecord, change: Extract<Change, { op: 'set' }>, at: string): TaskRecord {
  const task: Record<string, unknown> = { ...before, ...change.set };
  for (const key of change.unset ?? []) delete task[key];
  task['revision'] = change.rev;
  const renews = change.unset === undefined && Object.keys(change.set).every((key) => renewedKeys.has(key));
  if (!renews) task['updated_at'] = at;
  return task as TaskRecord;
}

function insert<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([id]));
  else set.add(id);
}

function withdraw<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const set = index.get(key);
  set?.delete(id);
  if (set?.size === 0) index.delete(key);
}
