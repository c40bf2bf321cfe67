import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreCore } from '../engine/store-core.ts';
import { Judge, type LineListener } from '../journal/judge.ts';
import type { Appended, ChangeLog, LogPosition, Reading, Reports } from '../ports.ts';
import { notKnown } from '../storage-errors.ts';
import { Announcements } from './announcements.ts';
import { Arrivals } from './arrivals.ts';
import type { Connection } from './connection.ts';
import { codeOf, failure, isLost } from './failures.ts';
import { beginningOf, linesOf, readPage } from './journal-page.ts';
import { type LogRow, rowsOf } from './log-chunks.ts';

/** Milliseconds before the next attempt to reach a server that may be starting again. */
const GIVE_UP_WAITS = [200, 500, 1_000, 2_000];
/** Lines after the last snapshot that lead to the next one. */
const COMPACT_AT = 5_000;

/** A generation that this process ended: memory is exactly at its end when `onSealed` is called. */
export interface Sealed {
  readonly generation: number;
  /** The position after the seal. */
  readonly position: number;
  /** The beginning of the seal. */
  readonly last: string;
  /** Tasks that changed since the snapshot that this process knows. */
  readonly touched: readonly string[];
}

interface Answer {
  /** The lines of other processes after the position of this one. */
  readonly r_others: string | null;
  readonly r_reported: boolean;
  readonly r_announced: boolean;
}

const NOTICE = 'journal:';

/** The journal has other lines than this process knows, or too many for one answer: nothing was appended. */
const OTHER_LINES = ['SP001', '54000'];
/** Rows of another program are in the way: a duplicate position, or one that is too large. */
const IN_THE_WAY = ['23505', '22003'];
/**
 * The change log in a table. One round trip appends, learns the verdicts and catches up, because the procedure that
 * appends returns every line of other processes after the position of its caller.
 *
 * Lines are visible before they are durable, so the server can lose them in a crash and continue with others. Each read
 * and append names the last line that it knows, and finds out.
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
  /** The beginning of the line before `next`; empty before the first one. */
  private known = '';
  private base = 0;
  /** The position after the last end of a generation, whose process is expected to write a snapshot. */
  private sealedAt = 0;
  /** The last ended generation that changed a task, for tasks that no snapshot known here contains. */
  private readonly touched = new Map<string, number>();
  private disposals: (() => void)[] = [];
  private ownSeal: number | undefined;
  private arrivals: Arrivals | undefined;
  private readonly announcements: Announcements;
  /** Entries that report a change have no notice, so that a line stands for those of its tasks. */
  private readonly listener: LineListener = {
    accepted: (line, foreign) => {
      this.core.accepted(line, foreign);
      if (this.core.memory.isLoading) return;
      for (const { id } of line.ops) this.connection.notices.emit(`log:${id}`);
    },
    verdict: (tx, accepted, at) => this.core.verdict(tx, accepted, at),
  };

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
    this.judge = new Judge(1, this.listener);
    this.announcements = new Announcements((position) =>
      connection.database.query('select systemprompt.announce($1, $2)', [connection.id, position]),
    );
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

  /** Continues from a snapshot. @param last the line before the position; missing for the first position */
  start(generation: number, position: number, last = ''): void {
    this.isBegun = true;
    this.generation = generation;
    this.next = position;
    this.known = beginningOf(last);
    this.base = position;
    this.sealedAt = position;
    this.touched.clear();
    this.judge = new Judge(generation, this.listener);
  }

  /** Applies the lines that follow the last known one. */
  take(lines: readonly string[]): void {
    for (const line of lines) {
      const at = this.next;
      this.next += 1;
      this.judge.line(line, at);
      if (this.judge.sealed) this.ended();
    }
    const last = lines.at(-1);
    if (last !== undefined) this.known = beginningOf(last);
  }

  async append(lines: readonly string[], reports: Reports): Promise<Appended> {
    const { entries, free, decided, changed } = reports;
    const token = randomUUID();
    // The server counts from the position of this process. Lines that it read after the decision may conflict.
    const isLatest = decided.gen === this.generation && (free || decided.after === this.next);
    const logs = isLatest ? rowsOf(entries) : [];
    const silent = (id: string): boolean => changed.has(id);
    try {
      const { gone, reported } = await this.send(lines, token, logs, silent, free);
      return { durable: true, failure: undefined, gone, reported: reported && isLatest };
    } catch (error) {
      if (IN_THE_WAY.includes(codeOf(error) ?? '')) return this.around(lines, reports, logs, error);
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

  /** Nothing was appended, because rows of another program are in the way of the lines or of the entries. */
  private async around(
    lines: readonly string[],
    reports: Reports,
    logs: readonly LogRow[],
    error: unknown,
  ): Promise<Appended> {
    const { database, id } = this.connection;
    // The lines count without their entries, which follow on their own.
    if (logs.length > 0) return { ...(await this.append(lines, { ...reports, entries: [] })), reported: false };
    const [head] = await database.query<{ whole: boolean }>('select systemprompt.is_whole($1) as whole', [id]);
    if (head?.whole === true) return { durable: true, failure: failure(error, database.shown), gone: false };
    // Reading everything again repairs it.
    return { durable: true, failure: undefined, gone: true };
  }

  async read(): Promise<Reading> {
    const { database, clock, id } = this.connection;
    for (;;) {
      const asked = Date.now();
      const page = await readPage(database.query, id, this.next, this.known);
      // The store was removed, the journal lost its end and continued, or this process is too far behind.
      if (page?.known !== true) return 'gone';
      clock.answered(page.now, asked);
      this.take(linesOf(page.lines));
      this.snapshotted(page.generation - 1, page.snapshot);
      if (this.next >= page.end) return 'whole';
    }
  }

  /** Ends the generation. @returns undefined if another process did */
  async seal(): Promise<Sealed | undefined> {
    const { generation } = this;
    this.ownSeal = undefined;
    // The token makes the line differ from all others.
    const token = randomUUID();
    const { gone } = await this.send([JSON.stringify({ v: 1, seal: generation, token, by: this.name })], token);
    if (gone) return undefined;
    if (this.ownSeal !== generation || this.generation !== generation + 1) return undefined;
    return { generation, position: this.next, last: this.known, touched: [...this.touched.keys()] };
  }

  /** A snapshot, of any process, contains all generations up to this one, which ended before a position. */
  snapshotted(generation: number, position: number): void {
    if (position <= this.base) return;
    this.base = position;
    // Another process may have ended a later generation in the meantime, and died before its snapshot.
    for (const [id, last] of this.touched) if (last <= generation) this.touched.delete(id);
  }

  grown(): void {
    if (this.isGrown) this.compactor.soon();
  }

  /** If a process dies before its snapshot, another one follows as many lines later. */
  get isGrown(): boolean {
    return this.next - Math.max(this.base, this.sealedAt) > this.compactAt;
  }

  watch(changed: () => void): void {
    const arrivals = new Arrivals(() => this.next, changed);
    const registration = this.connection.notices.on(
      () => this.connection.id,
      (notice) => {
        if (notice === undefined) arrivals.noticed(undefined);
        else if (notice.startsWith(NOTICE)) {
          const position = Number(notice.slice(NOTICE.length)) || 0;
          this.announcements.noticed(position);
          arrivals.noticed(position);
        }
      },
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
    await this.announcements.flush();
    await this.connection.notices.close();
    await this.connection.database.close();
  }

  /** @returns `gone` if the journal has other lines than this process knows: then nothing was appended */
  private async send(
    lines: readonly string[],
    token: string,
    logs: readonly LogRow[] = [],
    silent: (id: string) => boolean = () => false,
    free = false,
  ): Promise<{ gone: boolean; reported: boolean }> {
    const { database, id } = this.connection;
    const append = async (): Promise<{ gone: boolean; reported: boolean }> => {
      try {
        const [answer] = await database.attempt<Answer>(
          'call systemprompt.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null)',
          [
            id,
            lines.join('\n'),
            this.next,
            this.known,
            token,
            free,
            logs.map((row) => row.id),
            logs.map((row) => row.lines),
            logs.map((row) => row.count),
            logs.map((row) => !silent(row.id)),
          ],
        );
        this.take([...linesOf(answer?.r_others ?? null), ...lines]);
        this.announcements.appended(this.next, answer?.r_announced === true);
        return { gone: false, reported: answer?.r_reported === true };
      } catch (error) {
        if (OTHER_LINES.includes(codeOf(error) ?? '')) return { gone: true, reported: false };
        throw error;
      }
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
        await this.connection.database.attempt('select systemprompt.give_up($1, $2)', [this.connection.id, token]);
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
    this.sealedAt = this.next;
    this.judge = new Judge(this.generation, this.listener);
    this.core.memory.history.rotate();
  }
}
