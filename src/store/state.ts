import type { TaskRecord, TaskStatus } from '../core/task/schema.ts';
import type { Operation } from './transaction.ts';
import type { StoreView } from './view.ts';

/** What one operation did. */
export type Change =
  | { readonly kind: 'created'; readonly task: TaskRecord }
  | {
      readonly kind: 'updated';
      readonly before: TaskRecord;
      readonly task: TaskRecord;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'deleted'; readonly before: TaskRecord };

/** All tasks in memory, with the indexes that the rules and the faces ask by. Knows nothing of files. */
export class StoreState implements StoreView {
  nextNumber = 1;
  private readonly tasks = new Map<string, TaskRecord>();
  private readonly numbers = new Map<number, string>();
  private readonly statuses = new Map<TaskStatus, Set<string>>();
  private readonly dependentsOf = new Map<string, Set<string>>();
  private readonly childrenOf = new Map<string, Set<string>>();

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
    return this.tasks.values();
  }

  byStatus(status: TaskStatus): Iterable<TaskRecord> {
    return this.records(this.statuses.get(status));
  }

  dependents(id: string): Iterable<TaskRecord> {
    return this.records(this.dependentsOf.get(id));
  }

  children(id: string): Iterable<TaskRecord> {
    return this.records(this.childrenOf.get(id));
  }

  count(status: TaskStatus): number {
    return this.statuses.get(status)?.size ?? 0;
  }

  /** Puts a task as it was read from its file. Call in order of numbers, so that `all` is in that order. */
  load(task: TaskRecord): void {
    this.put(task);
    this.nextNumber = Math.max(this.nextNumber, task.number + 1);
  }

  clear(): void {
    this.nextNumber = 1;
    for (const index of [this.tasks, this.numbers, this.statuses, this.dependentsOf, this.childrenOf]) index.clear();
  }

  /**
   * Applies an accepted operation. One that the state already holds (a task file may be newer than the line of the
   * journal that is being replayed) changes nothing and gives undefined.
   */
  apply(operation: Operation, at: string): Change | undefined {
    const before = this.tasks.get(operation.id);
    if (operation.op === 'create') {
      if (before !== undefined) {
        this.nextNumber = Math.max(this.nextNumber, before.number + 1);
        return undefined;
      }
      const task = { ...operation.task, number: this.nextNumber, revision: 1 } as TaskRecord;
      this.nextNumber += 1;
      this.put(task);
      return { kind: 'created', task };
    }
    if (before === undefined) return undefined;
    if (operation.op === 'delete') {
      this.remove(before);
      return { kind: 'deleted', before };
    }
    if (operation.rev <= before.revision) return undefined;
    const task = patched(before, operation, at);
    this.put(task);
    return { kind: 'updated', before, task, keys: [...Object.keys(operation.set), ...(operation.unset ?? [])] };
  }

  private *records(ids: ReadonlySet<string> | undefined): Iterable<TaskRecord> {
    for (const id of ids ?? []) {
      const task = this.tasks.get(id);
      if (task !== undefined) yield task;
    }
  }

  private put(task: TaskRecord): void {
    const before = this.tasks.get(task.id);
    if (before !== undefined) this.unindex(before, task);
    this.tasks.set(task.id, task);
    this.numbers.set(task.number, task.id);
    insert(this.statuses, task.status, task.id);
    for (const id of task.depends_on) insert(this.dependentsOf, id, task.id);
    if (task.parent_id !== undefined) insert(this.childrenOf, task.parent_id, task.id);
  }

  private remove(task: TaskRecord): void {
    this.unindex(task, undefined);
    this.tasks.delete(task.id);
    this.numbers.delete(task.number);
  }

  private unindex(before: TaskRecord, after: TaskRecord | undefined): void {
    if (before.status !== after?.status) this.statuses.get(before.status)?.delete(before.id);
    if (before.depends_on !== after?.depends_on) {
      for (const id of before.depends_on) withdraw(this.dependentsOf, id, before.id);
    }
    if (before.parent_id !== undefined && before.parent_id !== after?.parent_id) {
      withdraw(this.childrenOf, before.parent_id, before.id);
    }
  }
}

/** The record that a `set` makes of another. */
export function patched(before: TaskRecord, operation: Extract<Operation, { op: 'set' }>, at: string): TaskRecord {
  const task: Record<string, unknown> = { ...before, ...operation.set };
  for (const key of operation.unset ?? []) delete task[key];
  task['revision'] = operation.rev;
  task['updated_at'] = at;
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
