import type { TaskRecord } from '../../core/task/schema.ts';
import type { Archive, ArchivedName, ArchivedRecord, StagedName } from '../ports.ts';

export class MemoryArchive implements Archive {
  private readonly records = new Map<string, TaskRecord>();
  private readonly staged = new Map<string, TaskRecord>();

  async stage(task: TaskRecord, token: string): Promise<void> {
    this.staged.set(token, structuredClone(task));
  }

  async sync(): Promise<void> {}

  async discard(_task: ArchivedName, token: string): Promise<void> {
    this.staged.delete(token);
  }

  async publish({ id }: ArchivedName, token: string): Promise<void> {
    const task = this.staged.get(token);
    if (task === undefined) return;
    this.staged.delete(token);
    this.records.set(id, task);
  }

  async remove({ id }: ArchivedName, before = Number.POSITIVE_INFINITY): Promise<void> {
    if ((this.records.get(id)?.revision ?? 0) < before) this.records.delete(id);
  }

  async names(ids?: readonly string[]): Promise<ArchivedName[]> {
    const names = [...this.records.values()].map(({ id, number }) => ({ id, number }));
    return names.filter(({ id }) => ids?.includes(id) !== false).sort((a, b) => a.number - b.number);
  }

  async stagedNames(): Promise<StagedName[]> {
    return [...this.staged].map(([token, { id, number }]) => ({ id, number, token }));
  }

  async read({ id }: ArchivedName): Promise<ArchivedRecord | undefined> {
    const task = this.records.get(id);
    return task === undefined ? undefined : { task: structuredClone(task), foreign: false };
  }
}
