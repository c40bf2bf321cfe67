import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';

const TITLE = 'x'.repeat(150);

describe('an append to PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
    // Otherwise the server writes its log soon on its own.
    await server.sql("alter system set wal_writer_delay = '10s'");
    await server.sql('alter system set max_wal_senders = 0');
    await server.sql('create role ada login');
  });
  after(() => server.end());

  for (const level of ['minimal', 'replica', 'logical']) {
    it(`is on the disk before its answer, for an ordinary user with wal_level ${level}`, async (context) => {
      await server.sql(`alter system set wal_level = ${level}`);
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
