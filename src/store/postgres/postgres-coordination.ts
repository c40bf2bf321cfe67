import type { Disposable } from '../../core/disposable.ts';
import type { Coordination, Reachability, SharedEntry, SharedKind, SharedText, WorkerLog } from '../ports.ts';
import type { Connection } from './connection.ts';

/** Messages between processes are small; another program wrote a longer one. */
const MAX_BYTES = 10_000;
const MAX_ENTRIES = 1_000;

/** The parts that stay on this machine: its folder, and the decisions of its person. */
export type LocalCoordination = Pick<Coordination, 'folder' | 'confirmations' | 'settings' | 'workerLog'>;

/**
 * Queue, workers and homes in the database. Confirmations stay on this machine: a person confirms for one machine, and
 * a shared table would let another client answer for them.
 */
export class PostgresCoordination implements Coordination {
  readonly folder: string;
  readonly isShared = true;
  readonly server: Reachability;
  readonly place: string;
  readonly confirmations: SharedText;
  readonly settings: SharedText;
  readonly workerLog: WorkerLog;
  private readonly connection: Connection;

  constructor(connection: Connection, local: LocalCoordination) {
    this.connection = connection;
    this.folder = local.folder;
    this.server = connection.notices;
    this.place = connection.database.shown;
    this.confirmations = local.confirmations;
    this.settings = local.settings;
    this.workerLog = local.workerLog;
  }

  async exists(): Promise<boolean> {
    return (await this.run('select 1 from systemprompt.head where id = $1')).length > 0;
  }

  async read(kind: SharedKind, key: string): Promise<string | undefined> {
    const [row] = await this.run<{ text: string }>(
      `select text from systemprompt.coordination
       where store = $1 and kind = $2 and key = $3 and octet_length(text) <= ${MAX_BYTES}`,
      [kind, key],
    );
    return row?.text;
  }

  async write(kind: SharedKind, key: string, text: string): Promise<void> {
    await this.run(
      `with written as (
         insert into systemprompt.coordination (store, kind, key, text) values ($1, $2, $3, $4)
         on conflict (store, kind, key) do update set text = excluded.text, at = clock_timestamp()
       ) select pg_notify('systemprompt_' || $1::int, 'shared:' || $2)`,
      [kind, key, text],
    );
  }

  async remove(kind: SharedKind, keys: readonly string[]): Promise<void> {
    await this.run(
      `with removed as (delete from systemprompt.coordination where store = $1 and kind = $2 and key = any($3) returning 1)
       select pg_notify('systemprompt_' || $1::int, 'shared:' || $2::text) from (select from removed limit 1) once`,
      [kind, keys],
    );
  }

  /** A time in the future, which another program wrote, counts as one in the past: its entry expires as well. */
  async entries(kind: SharedKind): Promise<SharedEntry[]> {
    const rows = await this.run<{ key: string; text: string | null; age: number }>(
      `select key, case when octet_length(text) <= ${MAX_BYTES} then text end as text,
         (case when isfinite(at) then abs(extract(epoch from clock_timestamp() - at)) * 1000 else 1e15 end)::float8 as age
       from systemprompt.coordination where store = $1 and kind = $2 order by at desc limit ${MAX_ENTRIES}`,
      [kind],
    );
    return rows.map(({ key, text, age }) => ({ key, text: text ?? undefined, age }));
  }

  watch(kind: SharedKind, changed: () => void): Disposable {
    return this.connection.notices.on(
      () => this.connection.id,
      (notice) => {
        if (notice === undefined || notice === 'shared:' || notice === `shared:${kind}`) changed();
      },
    );
  }

  private run<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.connection.database.query<Row>(text, [this.connection.id, ...values]);
  }
}
