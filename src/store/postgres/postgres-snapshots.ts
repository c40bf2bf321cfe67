import { TaskError } from '../../core/errors.ts';
import { shellStep } from '../../core/next-step.ts';
import type { Loaded, LoadTarget, Snapshots } from '../ports.ts';
import { unreadable } from '../storage-errors.ts';
import type { Connection } from './connection.ts';
import type { Query } from './database.ts';
import type { PostgresChangeLog } from './postgres-change-log.ts';
import { checkedRecord, RECORD } from './rows.ts';
import { schemaStatus } from './schema.ts';

interface HeadRow {
  readonly id: number;
  readonly generation: number;
  readonly position: number;
  readonly next_number: number;
  readonly now: number;
}

interface TaskRow {
  readonly id: string;
  readonly number: number;
  readonly record: string | null;
}

/** A line of the journal and its position. */
interface Line {
  readonly at: number;
  readonly content: string;
}

interface BadRow {
  readonly id: string;
  readonly reason: string;
}

/** Creates a store, and missing tables. */
const CREATE = 'systemprompt store init ADDRESS';
/** Records of one query. */
const PAGE = 5_000;

/** Problems that are listed one by one, each with the beginning of its id. */
const SHOWN = 20;
const SHOWN_CHARS = 64;

/** The records as of the last compaction. All reading is one snapshot of the database. */
export class PostgresSnapshots implements Snapshots {
  private readonly connection: Connection;
  private readonly log: () => PostgresChangeLog;
  private readonly settleAll: () => Promise<void>;
  private bad: readonly BadRow[] = [];

  constructor(connection: Connection, log: () => PostgresChangeLog, settleAll: () => Promise<void>) {
    this.connection = connection;
    this.log = log;
    this.settleAll = settleAll;
  }

  async load(target: LoadTarget): Promise<Loaded> {
    const { connection } = this;
    const asked = Date.now();
    const { head, tasks, lines, ...rows } = await connection.database
      .transaction((query) => this.rows(query), 'isolation level repeatable read read only')
      .catch(unreadable);
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
    records.nextNumber = Math.max(records.nextNumber, head.next_number);
    target.numbered(true);
    const log = this.log();
    const before = lines[0]?.at === head.position - 1 ? lines.shift() : undefined;
    log.start(head.generation, head.position, before?.content);
    log.take(lines.map(({ content }) => content));
    target.finish();
    // Lines that were read here have no notices of their logs.
    connection.notices.emit(undefined);
    this.bad = bad;
    return {
      readOnly: newer
        ? 'A newer version of SystemPrompt Tasks wrote the database. This version can only read it.'
        : undefined,
      problems: problemsOf(bad),
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

  private async rows(query: Query): Promise<{ head: HeadRow; tasks: TaskRow[]; lines: Line[]; newer: boolean }> {
    const { version, known } = await schemaStatus(query);
    if (version === 0) throw missing(this.connection.name);
    if (version < known) {
      throw new TaskError('StoreNotWritable', 'The database has the schema of an earlier version.', {
        next: [shellStep('Migrate it as the owner of the schema', CREATE)],
      });
    }
    const [head] = await query<HeadRow>(
      `select id, snapshot_generation::float8 as generation, snapshot_position::float8 as position,
         next_number::float8 as next_number, (extract(epoch from clock_timestamp()) * 1000)::float8 as now
       from systemprompt.head where name = $1`,
      [this.connection.name],
    );
    if (head === undefined) throw missing(this.connection.name);
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
    const lines = await query<Line>(
      `select position::float8 as at, line as content from systemprompt.journal
       where store = $1 and position >= $2 - 1 order by position`,
      [head.id, head.position],
    );
    return { head, tasks, lines, newer: version > known };
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
