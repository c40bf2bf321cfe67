import type { TaskRecord } from '../../core/task/schema.ts';

/** Tasks grouped by a common value. Stores the records themselves, so that listing a group needs no lookup. */
export class GroupIndex {
  private readonly keysOf: (task: TaskRecord) => readonly string[];
  private readonly groups = new Map<string, Map<string, TaskRecord>>();

  constructor(keysOf: (task: TaskRecord) => readonly string[]) {
    this.keysOf = keysOf;
  }

  of(key: string): Iterable<TaskRecord> {
    return this.groups.get(key)?.values() ?? [];
  }

  count(key: string): number {
    return this.groups.get(key)?.size ?? 0;
  }

  /** Adds a task, replacing its previous state. */
  put(task: TaskRecord, before?: TaskRecord): void {
    const keys = this.keysOf(task);
    if (before !== undefined) this.remove(before, keys);
    for (const key of keys) {
      const group = this.groups.get(key);
      if (group === undefined) this.groups.set(key, new Map([[task.id, task]]));
      else group.set(task.id, task);
    }
  }

  remove(task: TaskRecord, kept: readonly string[] = []): void {
    for (const key of this.keysOf(task)) {
      if (kept.includes(key)) continue;
      const group = this.groups.get(key);
      group?.delete(task.id);
      if (group?.size === 0) this.groups.delete(key);
    }
  }
}
