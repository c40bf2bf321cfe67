import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import type { Mutation } from '../../../src/store/draft.ts';
import { DraftBuilder } from '../../../src/store/draft-builder.ts';
import type { LogEntryPage, LogRange } from '../../../src/store/log-range.ts';
import type { Repository, RepositoryListener } from '../../../src/store/repository.ts';
import { type Change, StoreState } from '../../../src/store/state.ts';

/** A FAKE for tests: keeps everything in memory and nothing for ever. It holds the contract of a repository otherwise. */
export class MemoryRepository implements Repository {
  readonly view = new StoreState();
  readonly readOnly = undefined;
  readonly problems = [];
  private readonly logs = new Map<string, TaskLogEntry[]>();
  private listener: RepositoryListener | undefined;
  private watching = false;

  async open(listener: RepositoryListener): Promise<void> {
    this.listener = listener;
  }

  async mutate<T>(name: string, mutation: Mutation<T>): Promise<T> {
    await Promise.resolve();
    const draft = new DraftBuilder(this.view, new Date().toISOString());
    const value = mutation(draft);
    const transaction = draft.build(name, 'memory');
    const changes = (transaction?.ops ?? [])
      .map((operation) => this.view.apply(operation, draft.at))
      .filter((change): change is Change => change !== undefined);
    for (const change of changes) if (change.kind === 'deleted') this.logs.delete(change.before.id);
    this.listener?.changed(changes);
    for (const { id, entry } of draft.logs) {
      if (this.view.byId(id) !== undefined) {
        await this.appendLog(id, [{ timestamp: draft.at, level: 'info', type: 'system', ...entry }]);
      }
    }
    return value;
  }

  async refresh(): Promise<void> {}

  async appendLog(taskId: string, entries: readonly TaskLogEntry[]): Promise<void> {
    this.logs.set(taskId, [...(this.logs.get(taskId) ?? []), ...entries]);
    if (this.watching) this.listener?.logged(taskId, entries);
  }

  async readLog(taskId: string, { after, before, limit = 1_000 }: LogRange): Promise<LogEntryPage> {
    const log = this.logs.get(taskId) ?? [];
    const end = after === undefined ? (before ?? log.length) : Math.min(log.length, after + limit);
    const start = after ?? Math.max(0, end - limit);
    return { entries: log.slice(start, end), start, next: end };
  }

  async countLog(taskId: string): Promise<number> {
    return this.logs.get(taskId)?.length ?? 0;
  }

  watchLogs(on: boolean): void {
    this.watching = on;
  }

  async close(): Promise<void> {}
}
