import { TaskError } from '../../core/errors.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Archive } from '../archive.ts';
import type { Mutation } from '../journal/draft.ts';
import { DraftBuilder } from '../journal/draft-builder.ts';
import { type Change, StoreState } from '../journal/state.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { Coordination } from '../ports.ts';
import type { Repository, RepositoryListener } from '../repository.ts';
import { MemoryCoordination } from './memory-coordination.ts';

/** Keeps tasks in the memory of one process: for tests, and for programs that want nothing on disk. */
export class MemoryRepository implements Repository {
  readonly view = new StoreState();
  readonly readOnly = undefined;
  readonly problems = [];
  readonly coordination: Coordination;
  private readonly archived = new Map<string, TaskRecord>();
  private readonly logs = new Map<string, TaskLogEntry[]>();
  private listener: RepositoryListener | undefined;
  private watching = false;

  /** @param folder where tasks of this repository work, absolute */
  constructor(folder: string = process.cwd()) {
    this.coordination = new MemoryCoordination(folder);
  }

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
    for (const change of changes) {
      if (change.kind === 'deleted' && change.archived !== true) this.logs.delete(change.before.id);
    }
    this.listener?.changed(changes);
    for (const { id, entry } of draft.logs) {
      if (this.view.byId(id) !== undefined) {
        await this.appendLog(id, [{ timestamp: draft.at, level: 'info', type: 'system', ...entry }]);
      }
    }
    return value;
  }

  readonly archive: Archive = {
    add: (pick) =>
      this.mutate('archive', (draft) => {
        const tasks = pick(draft).map((task) => ({ ...task, archived_at: draft.at }));
        for (const task of tasks) {
          this.archived.set(task.id, task);
          draft.archive(task.id, 'memory');
        }
        return tasks;
      }),
    restore: (names) =>
      this.mutate('unarchive', (draft) =>
        names.map(({ id }) => {
          const task = this.archived.get(id);
          if (task === undefined) throw new TaskError('TaskNotFound', `There is no archived task "${id}".`);
          const { archived_at: _, ...record } = task;
          const restored = { ...record, revision: task.revision + 1 } as TaskRecord;
          draft.restore(restored);
          this.archived.delete(id);
          return restored;
        }),
      ),
    delete: async (ids) => {
      for (const id of ids) {
        this.archived.delete(id);
        this.logs.delete(id);
      }
    },
    names: async () =>
      [...this.archived.values()].map(({ id, number }) => ({ id, number })).sort((a, b) => a.number - b.number),
    read: async ({ id }) => this.archived.get(id),
  };

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
