import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Client } from 'pg';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { until } from '../../support/temp-folder.ts';

describe('lines that a server lost in a crash or a failover', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const at = async (context: TestContext, url: string, compactAt?: number): Promise<PostgresRepository> => {
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false, compactAt }));
    return repository as PostgresRepository;
  };
  const titles = (repository: PostgresRepository): string[] => [...repository.view.all()].map(({ title }) => title);
  const id = (url: string): string =>
    `(select id from systemprompt.head where name = '${new URL(url).searchParams.get('store')}')`;
  const rewind = (url: string, position: number): Promise<unknown> =>
    server.sql(`delete from systemprompt.journal where store = ${id(url)} and position >= ${position};
      update systemprompt.head set position = ${position} where id = ${id(url)}`);
  /** A store that has read a task which the server has lost since. */
  const deceived = async (context: TestContext, url: string): Promise<PostgresRepository> => {
    const [writer, reader] = [await at(context, url), await at(context, url)];
    await writer.mutate('create', create('kept'));
    await writer.mutate('create', create('lost'));
    await reader.refresh();
    assert.deepEqual(titles(reader), ['kept', 'lost']);
    await rewind(url, 1);
    return reader;
  };

  for (const continued of [false, true]) {
    const others = continued ? ['other'] : [];
    const lose = async (context: TestContext): Promise<PostgresRepository> => {
      const url = await server.store();
      const reader = await deceived(context, url);
      // As many lines as were lost: the position alone shows nothing.
      if (continued) await (await at(context, url)).mutate('create', create('other'));
      return reader;
    };
    const when = continued ? 'whose positions other lines have since' : 'that nothing has replaced';
    it(`are found by a read: lines ${when}`, async (context) => {
      const reader = await lose(context);
      await reader.refresh();
      assert.deepEqual(titles(reader), ['kept', ...others]);
    });

    it(`are found by an append: lines ${when}`, async (context) => {
      const reader = await lose(context);
      await reader.mutate('create', create('mine'));
      assert.deepEqual(titles(reader), ['kept', ...others, 'mine']);
      assert.deepEqual(
        [...reader.view.all()].map(({ number }) => number),
        [1, ...(continued ? [2] : []), 2 + others.length],
      );
    });
  }

  it('are found at the first position, and by a store that opened right after a snapshot', async (context) => {
    const url = await server.store();
    const compacting = await at(context, url, 0);
    await compacting.mutate('create', create('kept'));
    await compacting.close();
    const reader = await at(context, url);
    await rewind(url, 1);
    await server.sql(`insert into systemprompt.journal values (${id(url)}, 1, '{"v":9}');
      update systemprompt.head set position = 2, snapshot_position = 0, snapshot_generation = 1 where id = ${id(url)};
      delete from systemprompt.task where store = ${id(url)}`);
    await reader.mutate('create', create('mine'));
    assert.deepEqual(titles(reader), ['kept', 'mine']);
    assert.deepEqual(titles(await at(context, url)), ['kept', 'mine']);
  });

  it('are not in a snapshot that is written after they were lost', async (context) => {
    const url = await server.store();
    const holder = new Client({ connectionString: server.url() });
    await holder.connect();
    context.after(() => holder.end());
    await holder.query(`select pg_advisory_lock(7320915, ${id(url)})`);
    const compacting = await at(context, url, 1);
    await compacting.mutate('create', create('kept'));
    await compacting.mutate('create', create('lost'));
    const seals = `select position::int as at from systemprompt.journal where store = ${id(url)} and line like '{"v":1,"seal":%'`;
    await until('a generation has ended', async () => (await server.sql(seals)).length === 1);
    await rewind(url, 1);
    await holder.query('select pg_advisory_unlock_all()');
    await compacting.close();
    assert.deepEqual(titles(await at(context, url)), ['kept']);
  });
});
