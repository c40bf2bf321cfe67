import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create, type Opened, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { until } from '../../support/temp-folder.ts';

const TITLE = 'x'.repeat(150);

describe('an append to PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
    // Otherwise the server writes its log soon on its own.
    await server.sql("alter system set wal_writer_delay = '10s'");
    await server.sql('create role ada login');
  });
  after(() => server.end());

  it('lets other processes append while it waits, and answers only afterwards', async (context) => {
    const url = await server.store();
    const make = (): Promise<Opened> => opened(context, () => new PostgresRepository({ url, watch: false }));
    const stores = [await make(), await make()];
    // Without the server's own processes: its vacuum waits as well.
    const waiting = async (): Promise<number> =>
      (
        await server.sql(
          `select from pg_stat_activity where wait_event = 'SyncRep' and backend_type = 'client backend'`,
        )
      ).length;
    // A standby that does not exist: what waits for the disk waits for it as well.
    await server.sql("alter system set synchronous_standby_names = 'missing'");
    await server.sql('select pg_reload_conf()');
    const probe = server.sql('create table probe ()');
    await until('commits wait', async () => (await waiting()) === 1);
    let answers = 0;
    const creations = stores.map(async ({ repository }, at) => {
      await repository.mutate('create', (draft) => draft.log(create(`${at}`)(draft), { message: 'Created' }));
      answers += 1;
    });
    try {
      await until('both have appended', async () => (await waiting()) === 3);
      assert.equal(
        (await server.sql('select from systemprompt.journal')).length,
        2,
        'each sees the change of the other',
      );
      assert.equal(answers, 0);
    } finally {
      await server.sql('alter system reset synchronous_standby_names');
      await server.sql('select pg_reload_conf()');
      await Promise.all([probe, ...creations]);
    }
  });

  for (const level of ['minimal', 'replica', 'logical']) {
    it(`is on the disk before its answer, for an ordinary user with wal_level ${level}`, async (context) => {
      await server.sql(`alter system set wal_level = ${level}`);
      await server.sql('alter system set max_wal_senders = 0');
      await server.stop();
      await server.boot();
      // As in docs/postgres.md, and with a default that the store must not rely on.
      const url = await server.store();
      await server.sql(`grant usage on schema systemprompt to ada;
        grant select, insert, update, delete on all tables in schema systemprompt to ada;
        alter role ada set synchronous_commit = off`);
      const asAda = url.replace('postgres@', 'ada@');
      const { repository } = await opened(context, () => new PostgresRepository({ url: asAda, watch: false }));
      await repository.mutate('create', create('first'));
      const [start] = (await server.sql('select pg_current_wal_insert_lsn() as lsn')) as { lsn: string }[];
      await repository.mutate('create', create(TITLE));
      const [flushed] = (await server.sql(`select (pg_current_wal_flush_lsn() - '${start?.lsn}')::int as bytes`)) as {
        bytes: number;
      }[];
      assert.ok((flushed?.bytes ?? 0) > TITLE.length, `${flushed?.bytes} bytes`);
    });
  }
});
