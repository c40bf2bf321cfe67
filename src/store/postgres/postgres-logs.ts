import type { Disposable } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from '../logs/range.ts';
import type { LogStore } from '../ports.ts';
import type { Connection } from './connection.ts';
import { chunksOf, entriesIn, type LogRow, type StoredChunk, sorted } from './log-chunks.ts';
import { LogReports } from './log-reports.ts';

const DEFAULT_LIMIT = 1_000;
const NOTICE = 'log:';
/** Bytes of a row that this product can have written, with one long entry. */
const MAX_ROW = 16 * 1024 * 1024;
/** No log of this product gets as long. */
const MAX_POSITION = 1e15;
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
    const rows = await this.rows(id, start, end, after !== undefined);
    const found = entriesIn(rows, start, end);
    const last = rows.at(-1);
    // Another program left a gap: the page has the entries behind it.
    const isGap = found.entries.length === 0 && last !== undefined && last.start >= end;
    return { start, ...(isGap ? entriesIn([last], last.start, last.start + limit) : found) };
  }

  async count(id: string): Promise<number> {
    const [row] = await this.run<{ next: number }>(
      'select next::float8 as next from systemprompt.log_head where store = $1 and task = $2',
      [id],
    );
    return Math.min(Math.max(0, row?.next ?? 0), MAX_POSITION);
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

  /** A log that another program has damaged holds no other log back. */
  private async insert(unsorted: readonly LogRow[]): Promise<void> {
    const rows = sorted(unsorted);
    try {
      await this.insertAll(rows);
    } catch (error) {
      if (TaskError.is(error) && error.details?.['offline'] === true) throw error;
      let failed: unknown;
      for (const id of new Set(rows.map((row) => row.id))) {
        await this.insertRepaired(
          id,
          rows.filter((row) => row.id === id),
        ).catch((reason: unknown) => {
          failed = reason;
        });
      }
      if (failed !== undefined) throw failed;
    }
  }

  /** Moves the end of a log behind all its rows, so that they are not in the way. */
  private async insertRepaired(id: string, rows: readonly LogRow[]): Promise<void> {
    await this.run(
      `insert into systemprompt.log_head as h (store, task, next)
         select $1, $2, coalesce(max(start + greatest(count, 1)), 0) from systemprompt.log
         where store = $1 and task = $2 and start between 0 and ${MAX_POSITION}
       on conflict (store, task) do update set next = excluded.next
         where h.next < excluded.next or h.next > ${MAX_POSITION}`,
      [id],
    );
    await this.insertAll(rows);
  }

  /** @param isForward whether the first row after the range belongs to it if there is none within */
  private rows(id: string, start: number, end: number, isForward: boolean): Promise<StoredChunk[]> {
    return this.run<StoredChunk>(
      `select l.start::float8 as start, l.count,
         case when octet_length(l.lines) <= ${MAX_ROW} then l.lines else '' end as lines
       from systemprompt.log_head h join systemprompt.log l on l.store = h.store and l.task = h.task
       where h.store = $1 and h.task = $2 and l.start < h.next
         and l.start >= coalesce((
           select max(b.start) from systemprompt.log b where b.store = $1 and b.task = $2 and b.start <= $3
         ), 0)
         and l.start <= greatest($4::bigint - 1, (
           select min(b.start) from systemprompt.log b where b.store = $1 and b.task = $2 and b.start > $3 and $5
         ))
       order by l.start`,
      [id, start, end, isForward],
    );
  }

  private async insertAll(rows: readonly LogRow[]): Promise<void> {
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
