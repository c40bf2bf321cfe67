import type { Disposable } from '../../core/disposable.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { LogStore } from '../ports.ts';
import type { Connection } from './connection.ts';
import { type Chunk, chunksOf, entriesOf, type LogRow, sorted } from './log-chunks.ts';
import { LogReports } from './log-reports.ts';

const DEFAULT_LIMIT = 1_000;
const NOTICE = 'log:';
/** Characters of one statement. */
const MAX_WRITE = 4 * 1024 * 1024;

/** Entries of several logs, by the id of the task, for one write. */
interface Batch {
  readonly entries: Map<string, TaskLogEntry[]>;
  readonly written: Promise<void>;
}

/** Logs in rows: one row per batch of up to 64 kB, never changed. Positions count entries. */
export class PostgresLogs implements LogStore {
  private readonly connection: Connection;
  private readonly reports: LogReports;
  private readonly deleted = new Set<string>();
  /** Entries that wait for the running write. All logs share it, so that many tasks cost one round trip. */
  private next: Batch | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param added called with entries while the logs are watched */
  constructor(connection: Connection, added: (id: string, entries: readonly TaskLogEntry[]) => void) {
    this.connection = connection;
    this.reports = new LogReports({
      positions: () => this.positions(),
      read: (id, after) => this.read(id, { after }),
      added,
      notices: (listener) => this.changes(listener),
      report: (error) => connection.logger.warn('A log could not be read.', error),
    });
  }

  async append(id: string, entries: readonly TaskLogEntry[]): Promise<void> {
    if (this.deleted.has(id) || entries.length === 0) return;
    await this.reports.ready();
    this.next ??= this.nextBatch();
    const waiting = this.next.entries.get(id);
    if (waiting !== undefined) waiting.push(...entries);
    else this.next.entries.set(id, [...entries]);
    await this.next.written;
  }

  async flush(): Promise<void> {
    await this.running.catch(() => {});
  }

  async sync(): Promise<void> {
    await this.flush();
  }

  async read(id: string, { after, before, limit = DEFAULT_LIMIT }: LogRange): Promise<LogEntryPage> {
    const end = after === undefined ? (before ?? (await this.count(id))) : after + limit;
    const start = after ?? Math.max(0, end - limit);
    const chunks = await this.run<Chunk & { start: number }>(
      `select start::float8 as start, count, lines from systemprompt.log
       where store = $1 and task = $2 and start < $4 and start + count > $3 order by start`,
      [id, start, end],
    );
    const entries = chunks.flatMap((chunk) =>
      entriesOf(chunk).slice(Math.max(0, start - chunk.start), Math.max(0, end - chunk.start)),
    );
    return { entries, start, next: start + entries.length };
  }

  async count(id: string): Promise<number> {
    const [row] = await this.run<{ next: number }>(
      'select next::float8 as next from systemprompt.log_head where store = $1 and task = $2',
      [id],
    );
    return row?.next ?? 0;
  }

  changes(changed: (id: string | undefined) => void): Disposable {
    return this.connection.notices.on(
      () => this.connection.id,
      (notice) => {
        if (notice === undefined || notice === NOTICE) changed(undefined);
        else if (notice.startsWith(NOTICE)) changed(notice.slice(NOTICE.length));
      },
    );
  }

  watch(on: boolean): Promise<void> {
    this.reports.watch(on);
    return this.reports.ready();
  }

  ids(): Promise<Set<string>> {
    return this.names(false);
  }

  archivedIds(): Promise<Set<string>> {
    return this.names(true);
  }

  expect(id: string): void {
    this.deleted.delete(id);
  }

  ended(id: string, deleted: boolean): void {
    if (deleted) this.deleted.add(id);
  }

  async archive(id: string): Promise<void> {
    await this.run('update systemprompt.log_head set archived = true where store = $1 and task = $2', [id]);
  }

  async restore(id: string): Promise<void> {
    await this.run('update systemprompt.log_head set archived = false where store = $1 and task = $2', [id]);
  }

  async remove(id: string): Promise<void> {
    await this.flush();
    await this.run('select systemprompt.remove_log($1, $2)', [id]);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.reports.close();
  }

  /** Later callers add to the batch until the write before it ends, and wait for the same write. */
  private nextBatch(): Batch {
    const entries: Batch['entries'] = new Map();
    const written = this.flush().then(() => {
      this.next = undefined;
      return this.write(entries);
    });
    this.running = written;
    return { entries, written };
  }

  private async write(batch: Batch['entries']): Promise<void> {
    let rows: LogRow[] = [];
    let size = 0;
    for (const [id, entries] of batch) {
      for (const chunk of chunksOf(entries)) {
        rows.push({ id, ...chunk });
        size += chunk.lines.length;
        if (size < MAX_WRITE) continue;
        await this.insert(rows);
        rows = [];
        size = 0;
      }
    }
    if (rows.length > 0) await this.insert(rows);
  }

  private async insert(unsorted: readonly LogRow[]): Promise<void> {
    const rows = sorted(unsorted);
    await this.run('select systemprompt.append_logs($1, $2, $3, $4, $5)', [
      rows.map(({ id }) => id),
      rows.map(({ lines }) => lines),
      rows.map(({ count }) => count),
      rows.map(() => true),
    ]);
  }

  private async positions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.run<{ task: string; next: number }>(
      'select task, next::float8 as next from systemprompt.log_head where store = $1',
    );
    return new Map(rows.map(({ task, next }) => [task, next]));
  }

  private async names(archived: boolean): Promise<Set<string>> {
    const rows = await this.run<{ task: string }>(
      'select task from systemprompt.log_head where store = $1 and archived = $2',
      [archived],
    );
    return new Set(rows.map(({ task }) => task));
  }

  private run<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.connection.database.query<Row>(text, [this.connection.id, ...values]);
  }
}
