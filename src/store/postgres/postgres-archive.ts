import { isTaskId } from '../../core/task/id.ts';
import { isTaskNumber } from '../../core/task/number.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Archive, ArchivedName, ArchivedRecord, StagedName } from '../ports.ts';
import type { Connection } from './connection.ts';
import { checkedRecord, RECORD } from './rows.ts';

/** Archived tasks: a row with a token is staged, one without is the archived task. */
export class PostgresArchive implements Archive {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async stage(task: TaskRecord, token: string): Promise<void> {
    await this.run('insert into systemprompt.archive (store, id, number, token, record) values ($1, $2, $3, $4, $5)', [
      task.id,
      task.number,
      token,
      JSON.stringify(task),
    ]);
  }

  async sync(): Promise<void> {}

  async discard({ id }: ArchivedName, token: string): Promise<void> {
    await this.run('delete from systemprompt.archive where store = $1 and id = $2 and token = $3', [id, token]);
  }

  async publish({ id }: ArchivedName, token: string): Promise<void> {
    await this.run(
      `with staged as (delete from systemprompt.archive where store = $1 and id = $2 and token = $3 returning *)
       insert into systemprompt.archive (store, id, number, record) select store, id, number, record from staged
       on conflict (store, id, token) do update set number = excluded.number, record = excluded.record`,
      [id, token],
    );
  }

  async remove({ id }: ArchivedName, before?: number): Promise<void> {
    await this.run(
      `delete from systemprompt.archive where store = $1 and id = $2 and token = ''
       and ($3::float8 is null
         or case when record->>'revision' ~ '^\\d{1,15}$' then (record->>'revision')::float8 else 0 end < $3::float8)`,
      [id, before ?? null],
    );
  }

  async names(ids?: readonly string[]): Promise<ArchivedName[]> {
    const rows = await this.run<ArchivedName>(
      `select id, number::float8 as number from systemprompt.archive
       where store = $1 and token = '' ${ids === undefined ? '' : 'and id = any($2)'} order by number`,
      ids === undefined ? [] : [ids],
    );
    return rows.filter(isName);
  }

  async stagedNames(): Promise<StagedName[]> {
    const rows = await this.run<StagedName>(
      `select id, number::float8 as number, token from systemprompt.archive where store = $1 and token <> ''`,
    );
    return rows.filter(isName);
  }

  async read({ id, number }: ArchivedName): Promise<ArchivedRecord | undefined> {
    const [row] = await this.run<{ record: string | null }>(
      `select ${RECORD} from systemprompt.archive where store = $1 and id = $2 and token = ''`,
      [id],
    );
    if (row === undefined) return undefined;
    const checked = checkedRecord(row.record, id, number);
    return checked !== 'newer' && 'task' in checked ? { task: checked.task, foreign: false } : undefined;
  }

  private run<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.connection.database.query<Row>(text, [this.connection.id, ...values]);
  }
}

/** Another program may have written the row. */
function isName({ id, number }: ArchivedName): boolean {
  return isTaskId(id) && isTaskNumber(number);
}
