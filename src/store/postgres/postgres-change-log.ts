import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreCore } from '../engine/store-core.ts';
import { Judge } from '../journal/judge.ts';
import type { Appended, ChangeLog, LogPosition, Reading, Reports } from '../ports.ts';
import { notKnown } from '../storage-errors.ts';
import { Arrivals } from './arrivals.ts';
import type { Connection } from './connection.ts';
import { failure, isLost } from './failures.ts';
import { type LogRow, rowsOf } from './log-chunks.ts';
import type { Line } from './rows.ts';

/** Lines of one read. */
const PAGE = 5_000;
/** Milliseconds before the next attempt to reach a server that may be starting again. */
const GIVE_UP_WAITS = [200, 500, 1_000, 2_000];
/** Lines after the last snapshot that lead to the next one. */
const COMPACT_AT = 5_000;

/** A generation that this process ended: memory is exactly at its end when `onSealed` is called. */
export interface Sealed {
  readonly generation: number;
  /** The position after the seal. */
  readonly position: number;
  /** Tasks that changed since the snapshot that this process knows. */
  readonly touched: readonly string[];
}

interface HeadRow {
  /** The position after the last line. */
  readonly end: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The first generation that the snapshot does not contain. */
  readonly generation: number;
  /** The position at which that generation begins. */
  readonly snapshot: number;
}

/**
 * The change log in a table. One round trip appends, learns the verdicts and catches up, because the function that
 * appends holds the lock of the store and returns every line after the position of its caller.
 */
export class PostgresChangeLog implements ChangeLog {
  isBegun = false;
  readonly catchesUp = true;
  private readonly connection: Connection;
  private readonly core: StoreCore;
  private readonly name = randomUUID();
  private readonly compactAt: number;
  private readonly compactor: { soon(): void; idle(): Promise<void> };
  private judge: Judge;
  private generation = 1;
  private next = 0;
  private base = 0;
  /** The last ended generation that changed a task, for tasks that no snapshot known here contains. */
  private readonly touched = new Map<string, number>();
  private disposals: (() => void)[] = [];
  private ownSeal: number | undefined;
  private arrivals: Arrivals | undefined;

  constructor(
    connection: Connection,
    core: StoreCore,
    compactor: { soon(): void; idle(): Promise<void> },
    compactAt = COMPACT_AT,
  ) {
    this.connection = connection;
    this.core = core;
    this.compactor = compactor;
    this.compactAt = compactAt;
    this.judge = new Judge(1, core);
  }

  get position(): LogPosition {
    return { gen: this.generation, after: this.next };
  }

  async exists(): Promise<boolean> {
    return true;
  }

  async begin(): Promise<boolean> {
    return true;
  }

  /** Continues from a snapshot. */
  start(generation: number, position: number): void {
    this.isBegun = true;
    this.generation = generation;
    this.next = position;
    this.base = position;
    this.touched.clear();
    this.judge = new Judge(generation, this.core);
  }

  /** @returns false if lines are missing before the first one */
  take(lines: readonly Line[]): boolean {
    for (const { at, content } of lines) {
      if (at !== this.next) return false;
      this.next += 1;
      this.judge.line(content, at);
      if (this.judge.sealed) this.ended();
    }
    return true;
  }

  async append(lines: readonly string[], { entries, free, decided }: Reports): Promise<Appended> {
    const token = randomUUID();
    // The server counts from the position of this process. Lines that it read after the decision may conflict.
    const isLatest = decided.gen === this.generation && (free || decided.after === this.next);
    const logs = isLatest ? rowsOf(entries) : [];
    try {
      const { whole, reported } = await this.send(lines, token, logs, free);
      return { durable: true, failure: undefined, gone: !whole, reported: reported && isLatest };
    } catch (error) {
      if (!isLost(error))
        return { durable: true, failure: failure(error, this.connection.database.shown), gone: false };
    }
    try {
      await this.giveUp(token);
      const reported = isLatest && (await this.isReported(logs));
      return { durable: true, failure: undefined, gone: (await this.read()) !== 'whole', reported };
    } catch (error) {
      throw notKnown(error);
    }
  }

  async read(): Promise<Reading> {
    const { database, clock, id } = this.connection;
    for (;;) {
      const asked = Date.now();
      const rows = await database.query<HeadRow & { at: number | null; content: string | null }>(
        `select h.position::float8 as end, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
           h.snapshot_generation::float8 as generation, h.snapshot_position::float8 as snapshot,
           j.position::float8 as at, j.line as content
         from systemprompt.head h left join systemprompt.journal j on j.store = h.id and j.position >= $2
         where h.id = $1 order by j.position limit ${PAGE}`,
        [id, this.next],
      );
      const [first] = rows;
      // The store was removed, or the database was restored from an older backup.
      if (first === undefined || first.end < this.next) return 'gone';
      clock.answered(first.now, asked);
      const lines = rows.flatMap(({ at, content }) => (at === null || content === null ? [] : [{ at, content }]));
      if (!this.take(lines)) return 'behind';
      this.snapshotted(first.generation - 1, first.snapshot);
      if (lines.length === 0) return first.end > this.next ? 'behind' : 'whole';
      if (rows.length < PAGE) return 'whole';
    }
  }

  /** Ends the generation. @returns undefined if another process did */
  async seal(): Promise<Sealed | undefined> {
    const { generation } = this;
    this.ownSeal = undefined;
    const { whole } = await this.send([JSON.stringify({ v: 1, seal: generation, by: this.name })], randomUUID());
    if (!whole) return undefined;
    if (this.ownSeal !== generation || this.generation !== generation + 1) return undefined;
    return { generation, position: this.next, touched: [...this.touched.keys()] };
  }

  /** A snapshot, of any process, contains all generations up to this one, which ended before a position. */
  snapshotted(generation: number, position: number): void {
    if (position <= this.base) return;
    this.base = position;
    // Another process may have ended a later generation in the meantime, and died before its snapshot.
    for (const [id, last] of this.touched) if (last <= generation) this.touched.delete(id);
  }

  grown(): void {
    if (this.next - this.base > this.compactAt) this.compactor.soon();
  }

  watch(changed: () => void): void {
    const arrivals = new Arrivals(() => this.next, changed);
    const registration = this.connection.notices.on(
      () => this.connection.id,
      (notice) => arrivals.noticed(notice),
    );
    this.arrivals = arrivals;
    this.disposals.push(
      () => registration.dispose(),
      () => arrivals.stop(),
    );
  }

  stop(): void {
    for (const dispose of this.disposals.splice(0)) dispose();
  }

  idle(): Promise<void> {
    return this.compactor.idle();
  }

  async close(): Promise<void> {
    this.stop();
    await this.connection.notices.close();
    await this.connection.database.close();
  }

  private async send(
    lines: readonly string[],
    token: string,
    logs: readonly LogRow[] = [],
    free = false,
  ): Promise<{ whole: boolean; reported: boolean }> {
    const { database, id } = this.connection;
    const append = async (): Promise<{ whole: boolean; reported: boolean }> => {
      const rows = await database.attempt<Line & { reported: boolean }>(
        'select at, content, reported from systemprompt.append($1, $2, $3, $4, $5, $6, $7, $8)',
        [
          id,
          lines,
          this.next,
          token,
          free,
          logs.map((row) => row.id),
          logs.map((row) => row.lines),
          logs.map((row) => row.count),
        ],
      );
      return { whole: this.take(rows), reported: rows[0]?.reported === true };
    };
    return this.arrivals === undefined ? append() : this.arrivals.during(append);
  }

  /** Whether entries are in the logs after their append got no answer. */
  private async isReported([row]: readonly LogRow[]): Promise<boolean> {
    if (row === undefined) return true;
    const found = await this.connection.database.query(
      'select from systemprompt.log where store = $1 and task = $2 and lines = $3 limit 1',
      [this.connection.id, row.id, row.lines],
    );
    return found.length > 0;
  }

  /**
   * Settles an append whose answer is missing: afterwards its lines are in the journal, or never will be, even if they
   * are still on their way to the server. The lock of the head row waits for an append that has arrived.
   */
  private async giveUp(token: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.connection.database.attempt(
          `with head as (select id from systemprompt.head where id = $1 for no key update)
           insert into systemprompt.given_up (store, token) select id, $2 from head on conflict do nothing`,
          [this.connection.id, token],
        );
        return;
      } catch (error) {
        if (!isLost(error) || attempt === GIVE_UP_WAITS.length) throw failure(error, this.connection.database.shown);
        await delay(GIVE_UP_WAITS[attempt]);
      }
    }
  }

  private ended(): void {
    for (const id of this.judge.touched()) this.touched.set(id, this.generation);
    if (this.judge.sealedBy === this.name) this.ownSeal = this.generation;
    this.generation += 1;
    this.judge = new Judge(this.generation, this.core);
    this.core.memory.history.rotate();
  }
}
