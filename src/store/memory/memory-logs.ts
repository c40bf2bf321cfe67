import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { LogStore } from '../ports.ts';

const DEFAULT_LIMIT = 1_000;

export class MemoryLogs implements LogStore {
  private readonly logs = new Map<string, TaskLogEntry[]>();
  private readonly archived = new Set<string>();
  private readonly deleted = new Set<string>();
  private readonly added: (id: string, entries: readonly TaskLogEntry[]) => void;
  private watching = false;

  /** @param added called with entries while the logs are watched */
  constructor(added: (id: string, entries: readonly TaskLogEntry[]) => void) {
    this.added = added;
  }

  async append(id: string, entries: readonly TaskLogEntry[]): Promise<void> {
    if (this.deleted.has(id)) return;
    const log = this.logs.get(id);
    const own = structuredClone([...entries]);
    if (log === undefined) this.logs.set(id, own);
    else log.push(...own);
    if (this.watching) this.added(id, structuredClone([...entries]));
  }

  async flush(): Promise<void> {}

  async sync(): Promise<void> {}

  async read(id: string, { after, before, limit = DEFAULT_LIMIT }: LogRange): Promise<LogEntryPage> {
    const log = this.logs.get(id) ?? [];
    const end = after === undefined ? (before ?? log.length) : Math.min(log.length, after + limit);
    const start = after ?? Math.max(0, end - limit);
    return { entries: structuredClone(log.slice(start, end)), start, next: end };
  }

  async count(id: string): Promise<number> {
    return this.logs.get(id)?.length ?? 0;
  }

  lastAt(id: string): number | undefined {
    const last = this.logs.get(id)?.at(-1);
    return last === undefined ? undefined : Date.parse(last.timestamp);
  }

  async watch(on: boolean): Promise<void> {
    this.watching = on;
  }

  async ids(): Promise<Set<string>> {
    return new Set([...this.logs.keys()].filter((id) => !this.archived.has(id)));
  }

  async archivedIds(): Promise<Set<string>> {
    return new Set(this.archived);
  }

  expect(id: string): void {
    this.deleted.delete(id);
  }

  ended(id: string, deleted: boolean): void {
    if (deleted) this.deleted.add(id);
  }

  async archive(id: string): Promise<void> {
    if (this.logs.has(id)) this.archived.add(id);
  }

  async restore(id: string): Promise<void> {
    this.archived.delete(id);
  }

  async remove(id: string): Promise<void> {
    this.logs.delete(id);
    this.archived.delete(id);
  }

  async close(): Promise<void> {}
}
