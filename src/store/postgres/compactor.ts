import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreCore } from '../engine/store-core.ts';
import type { Connection } from './connection.ts';
import type { PostgresChangeLog, Sealed } from './postgres-change-log.ts';

/** The first key of the advisory lock; the second one is the id of the store. */
const COMPACTION_LOCK = 7_320_915;

interface Snapshot extends Sealed {
  readonly records: readonly TaskRecord[];
  readonly removed: readonly string[];
  readonly nextNumber: number;
}

/**
 * Moves the lines of the journal into the records. The lines of the last generation stay for readers that are a little
 * behind; a reader that is further behind loads everything again.
 */
export class Compactor {
  private readonly connection: Connection;
  private readonly core: StoreCore;
  private readonly log: () => PostgresChangeLog;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(connection: Connection, core: StoreCore, log: () => PostgresChangeLog) {
    this.connection = connection;
    this.core = core;
    this.log = log;
  }

  soon(): void {
    if (this.closed) return;
    this.running ??= this.run()
      .catch((error) => this.connection.logger.warn('The journal could not be compacted; it is tried again.', error))
      .finally(() => {
        this.running = undefined;
      });
  }

  async idle(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const snapshot = await this.core.inTurn(() => this.end());
    if (snapshot === undefined) return;
    // The lines that say where a task is are needed until it is there.
    await this.core.settleAll();
    for (const id of snapshot.removed) await this.core.settle(id);
    if (!(await this.write(snapshot))) return;
    this.log().snapshotted(snapshot.generation, snapshot.position);
    this.core.compacted(snapshot.generation, snapshot.removed);
  }

  /** In one step with the end of the generation: later lines change the records. */
  private async end(): Promise<Snapshot | undefined> {
    // All processes see at once that the journal has grown.
    if ((await this.log().read()) === 'gone' || !this.log().isGrown) return undefined;
    const sealed = await this.log().seal();
    if (sealed === undefined) return undefined;
    const { state } = this.core.memory;
    const records = sealed.touched.flatMap((id) => state.byId(id) ?? []);
    const removed = sealed.touched.filter((id) => state.byId(id) === undefined);
    return { ...sealed, records, removed, nextNumber: state.nextNumber };
  }

  private write({ generation, position, last, records, removed, nextNumber }: Snapshot): Promise<boolean> {
    const { database, id } = this.connection;
    return database.transaction(async (query) => {
      await query('select pg_advisory_xact_lock($1, $2)', [COMPACTION_LOCK, id]);
      const [head] = await query<{ at: number }>(
        `select h.snapshot_position::float8 as at from systemprompt.head h join systemprompt.journal j on j.store = h.id
         where h.id = $1 and j.position = $2::bigint - 1 and starts_with(j.line, $3)`,
        [id, position, last],
      );
      // Without the line, another server took over that never had the end of the generation.
      if (head === undefined || head.at >= position) return false;
      await query('delete from systemprompt.task where store = $1 and id = any($2)', [id, removed]);
      // Rows of another program with the numbers of these tasks: every compaction would fail.
      await query(
        `with moved as (
           delete from systemprompt.task t using unnest($2::text[], $3::bigint[]) r (id, number)
           where t.store = $1 and t.number = r.number and t.id <> all($2) returning t.id, t.record::text
         ) insert into systemprompt.quarantine (store, id, reason, record)
           select $1, m.id, 'its number is that of another task', m.record from moved m`,
        [id, records.map((task) => task.id), records.map((task) => task.number)],
      );
      await query(
        `insert into systemprompt.task (store, id, number, record)
           select $1, r.id, r.number, r.record::json
           from unnest($2::text[], $3::bigint[], $4::text[]) r (id, number, record)
         on conflict (store, id) do update set number = excluded.number, record = excluded.record`,
        [
          id,
          records.map((task) => task.id),
          records.map((task) => task.number),
          records.map((task) => JSON.stringify(task)),
        ],
      );
      await query(`delete from systemprompt.given_up where store = $1 and at < clock_timestamp() - interval '1 day'`, [
        id,
      ]);
      await query('delete from systemprompt.journal where store = $1 and position < $2', [id, head.at]);
      await query(
        `update systemprompt.head set snapshot_generation = $2, snapshot_position = $3, next_number = $4 where id = $1`,
        [id, generation + 1, position, nextNumber],
      );
      return true;
    });
  }
}
