import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Client } from 'pg';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { until } from '../../support/temp-folder.ts';

describe('notices of PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const idOf = async (url: string): Promise<number> => {
    const name = new URL(url).searchParams.get('store');
    const [row] = (await server.sql(`select id from systemprompt.head where name = '${name}'`)) as { id: number }[];
    return row?.id ?? 0;
  };
  /** Listens as a process does. */
  const heard = async (context: TestContext, store: number): Promise<string[]> => {
    const client = new Client({ connectionString: server.url() });
    await client.connect();
    context.after(() => client.end());
    const notices: string[] = [];
    client.on('notification', ({ payload }) => notices.push(payload ?? ''));
    await client.query(`listen systemprompt_${store}`);
    return notices;
  };
  const end = async (store: number, notices: string[]): Promise<string[]> => {
    await server.sql(`select pg_notify('systemprompt_${store}', 'end')`);
    await until('all notices arrived', () => notices.at(-1) === 'end');
    return notices;
  };
  const sinceLast = (store: number, interval: string): Promise<unknown> =>
    server.sql(`update systemprompt.head set announced_at = now() - interval '${interval}' where id = ${store}`);
  const append = (store: number, position: number): Promise<unknown> =>
    server.sql(`call systemprompt.append(${store}, '{"v":9}', ${position}, '{"v":9}', 'test', false,
      '{}', '{}', '{}', '{}', null, null, null)`);

  it('announce all appends of a moment once', async (context) => {
    const store = await idOf(await server.store());
    const notices = await heard(context, store);
    await sinceLast(store, '1 second');
    await append(store, 0);
    // As if the clock stood still.
    await sinceLast(store, '-10 seconds');
    for (const position of [1, 2]) await append(store, position);
    for (let asked = 0; asked < 2; asked += 1) await server.sql(`select systemprompt.announce(${store}, 3)`);
    assert.deepEqual(await end(store, notices), ['journal:1', 'journal:3', 'end']);
  });

  it('announce lines a moment after an append that could not, or when the store is closed', async (context) => {
    const url = await server.store();
    const store = await idOf(url);
    const notices = await heard(context, store);
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false }));
    await sinceLast(store, '-10 seconds');
    await repository.mutate('create', create('first'));
    await until('it is announced', () => notices.includes('journal:1'));
    await sinceLast(store, '-10 seconds');
    await repository.mutate('create', create('second'));
    await repository.close();
    assert.deepEqual(await end(store, notices), ['journal:1', 'journal:2', 'end']);
  });

  it('have none for entries of a changed task, which its change reports', async (context) => {
    const url = await server.store();
    const store = await idOf(url);
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false }));
    const [changed, other] = [
      await repository.mutate('create', create('changed')),
      await repository.mutate('create', create('other')),
    ];
    const reader = await opened(context, () => new PostgresRepository({ url }));
    await reader.repository.watchLogs(true);
    assert.equal(await reader.repository.countLog(changed), 0);
    const notices = await heard(context, store);
    await repository.mutate('edit', (draft) => {
      draft.patch(changed, { title: 'edited' });
      draft.log(changed, { message: 'of the change' });
      draft.log(other, { message: 'of another' });
    });
    await until('both are reported', () => reader.logged.length === 2);
    assert.deepEqual(
      new Map(reader.logged.map(([id, { message }]) => [id, message])),
      new Map([
        [changed, 'of the change'],
        [other, 'of another'],
      ]),
    );
    assert.equal(await reader.repository.countLog(changed), 1);
    const logs = (await end(store, notices)).filter((notice) => notice.startsWith('log:'));
    assert.deepEqual(logs, [`log:${other}`]);
  });
});
