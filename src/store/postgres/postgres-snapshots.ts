import { TaskError } from '../../core/errors.ts';
import { shellStep } from '../../core/next-step.ts';
import { isCounted } from '../../core/task/number.ts';
import type { Loaded, LoadTarget, Snapshots } from '../ports.ts';
import { unreadable } from '../storage-errors.ts';
import type { Connection } from './connection.ts';
import type { Query } from './database.ts';
import { beginningOf, linesOf, readPage } from './journal-page.ts';
import type { PostgresChangeLog } from './postgres-change-log.ts';
import { checkedRecord, RECORD } from './rows.ts';
import { schemaStatus } from './schema.ts';

interface HeadRow {
  readonly id: number;
  readonly generation: number;
  readonly position: number;
  readonly next_number: number;
  readonly now: number;
  readonly whole: boolean;
  /** The line before the position. */
  readonly last: string | null;
}

interface TaskRow {
  readonly id: string;
  readonly number: number;
  readonly record: string | null;
}

interface Rows {
  readonly head: HeadRow;
  readonly tasks: readonly TaskRow[];
  readonly lines: readonly string[];
  readonly newer: boolean;
  readonly problem?: string;
}

interface BadRow {
  readonly id: string;
  readonly reason: string;
}

/** Creates a store, and missing tables. */
const CREATE = 'systemprompt store init ADDRESS';
/** Records of one query. */
const PAGE = 5_000;

const REPAIRED =
  'Another program changed the journal in PostgreSQL. It was repaired; rows that do not belong to it are in systemprompt.quarantine.';

const DAMAGED =
  'Another program changed the journal in PostgreSQL. Open the store as a user who may change it: that repairs it.';

/** Problems that are listed one by one, each with the beginning of its id. */
const SHOWN = 20;
const SHOWN_CHARS = 64;

/** The records as of the last compaction. All reading is one snapshot of the database. */
export class PostgresSnapshots implements Snapshots {
  private readonly connection: Connection;
  private readonly log: () => PostgresChangeLog;
  private readonly settleAll: () => Promise<void>;
  private readonly restricted: boolean;
  private bad: readonly BadRow[] = [];

  /** @param restricted whether the database must not be changed */
  constructor(
    connection: Connection,
    log: () => PostgresChangeLog,
    settleAll: () => Promise<void>,
    restricted: boolean,
  ) {
    this.connection = connection;
    this.log = log;
    this.settleAll = settleAll;
    this.restricted = restricted;
  }

  async load(target: LoadTarget): Promise<Loaded> {
    const { connection } = this;
    const asked = Date.now();
    const { head, tasks, lines, problem, ...rows } = await this.whole().catch(unreadable);
    connection.id = head.id;
    connection.clock.answered(head.now, asked);
    const records = target.begin();
    const bad: BadRow[] = [];
    let { newer } = rows;
    for (const { id, number, record } of tasks) {
      const checked = checkedRecord(record, id, number);
      if (checked === 'newer') newer = true;
      else if ('task' in checked) records.load(checked.task);
      else bad.push({ id, reason: checked.reason });
    }
    // Exactly the number as of the snapshot: rows of other programs do not count.
    const numbered = isCounted(head.next_number);
    if (numbered) records.nextNumber = head.next_number;
    target.numbered(numbered);
    const log = this.log();
    log.start(head.generation, head.position, head.last ?? undefined);
    log.take(lines);
    target.finish();
    // Lines that were read here have no notices of their logs.
    connection.notices.emit(undefined);
    this.bad = bad;
    return {
      readOnly: newer
        ? 'A newer version of SystemPrompt Tasks wrote the database. This version can only read it.'
        : problem === DAMAGED
          ? DAMAGED
          : undefined,
      unusable: problem === DAMAGED,
      problems: [...(problem === undefined ? [] : [problem]), ...problemsOf(bad)],
    };
  }

  /** Moves rows that are not tasks into quarantine. */
  async tidy(): Promise<void> {
    const { database, id, logger } = this.connection;
    const { bad } = this;
    if (bad.length > 0) {
      await database
        .query(
          `with moved as (
             delete from systemprompt.task t using unnest($2::text[], $3::text[]) b (id, reason)
             where t.store = $1 and t.id = b.id returning t.id, b.reason, t.record::text
           ) insert into systemprompt.quarantine (store, id, reason, record) select $1, * from moved`,
          [id, bad.map((row) => row.id), bad.map(({ reason }) => reason)],
        )
        .catch((error) => logger.warn('Rows could not be moved into quarantine.', error));
    }
    await this.settleAll().catch((error) => logger.warn('The store could not be tidied.', error));
  }

  async takeIn(): Promise<void> {}

  touch(): void {}

  watch(): void {}

  async stop(): Promise<void> {}

  async flush(): Promise<void> {}

  /** Reads the rows. A journal that another program changed is repaired first, or read as far as it goes. */
  private async whole(): Promise<Rows> {
    const { database, logger } = this.connection;
    const read = (asFarAsItGoes = false): Promise<Rows | number> =>
      database.transaction((query) => this.rows(query, asFarAsItGoes), 'isolation level repeatable read read only');
    const rows = await read();
    if (typeof rows !== 'number') return rows;
    if (!this.restricted) {
      try {
        await database.query('select systemprompt.repair($1)', [rows]);
        logger.warn(REPAIRED);
      } catch (error) {
        if (TaskError.is(error) && error.details?.['offline'] === true) throw error;
        logger.warn('The journal in PostgreSQL could not be repaired.', error);
      }
      const repaired = await read();
      if (typeof repaired !== 'number') return { ...repaired, problem: REPAIRED };
    }
    const partial = await read(true);
    if (typeof partial === 'number') throw missing(this.connection.name);
    return { ...partial, problem: DAMAGED };
  }

  /** @returns the id of the store if its journal is not whole */
  private async rows(query: Query, asFarAsItGoes: boolean): Promise<Rows | number> {
    const { version, known } = await schemaStatus(query);
    if (version === 0) throw missing(this.connection.name);
    if (version < known) {
      throw new TaskError('StoreNotWritable', 'The database has the schema of an earlier version.', {
        next: [shellStep('Migrate it as the owner of the schema', CREATE)],
      });
    }
    const [head] = await query<HeadRow>(
      `select h.id, h.snapshot_generation::float8 as generation, h.snapshot_position::float8 as position,
         h.next_number::float8 as next_number, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
         systemprompt.is_whole(h.id) as whole, j.line as last
       from systemprompt.head h
       left join systemprompt.journal j on j.store = h.id and j.position = h.snapshot_position - 1
       where h.name = $1`,
      [this.connection.name],
    );
    if (head === undefined) throw missing(this.connection.name);
    const newer = version > known;
    // A newer version repairs its own journal.
    const partial = asFarAsItGoes || newer;
    if (head.whole !== true && !partial) return head.id;
    const tasks: TaskRow[] = [];
    // In pages: over a slow connection, one answer with all of them would take longer than an answer may take.
    for (let page: TaskRow[] | undefined; page === undefined || page.length === PAGE; ) {
      page = await query<TaskRow>(
        `select id, number::float8 as number, ${RECORD} from systemprompt.task
         where store = $1 and ($2::text is null or id > $2) order by id limit ${PAGE}`,
        [head.id, tasks.at(-1)?.id ?? null],
      );
      tasks.push(...page);
    }
    tasks.sort((a, b) => a.number - b.number);
    const lines: string[] = [];
    for (
      let [end, last] = [Number.POSITIVE_INFINITY, beginningOf(head.last ?? '')];
      head.position + lines.length < end;
    ) {
      const page = await readPage(query, head.id, head.position + lines.length, last);
      if (page?.known !== true) {
        if (partial) break;
        return head.id;
      }
      lines.push(...linesOf(page.lines));
      end = page.end;
      last = beginningOf(lines.at(-1) ?? last);
    }
    return { head, tasks, lines, newer };
  }
}

function missing(name: string): TaskError {
  return new TaskError('StoreNotWritable', `The database has no store "${name}".`, {
    next: [shellStep('Create it, or correct the name in the address', CREATE)],
  });
}

function problemsOf(bad: readonly BadRow[]): string[] {
  const shown = bad
    .slice(0, SHOWN)
    .map(({ id, reason }) => `Row ${id.slice(0, SHOWN_CHARS)} of systemprompt.task: ${reason}.`);
  const more = bad.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more rows of systemprompt.task are not tasks.`];
}
