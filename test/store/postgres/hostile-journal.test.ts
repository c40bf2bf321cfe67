import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import type { Repository } from '../../../src/store/repository.ts';
import { create, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { until } from '../../support/temp-folder.ts';

const TITLES = Array.from({ length: 12 }, (_, n) => `task ${n + 1}`);
const LARGEST = '9223372036854775807';

/** Adds rows at positions after the end of the journal; `n` counts them from 0. */
const rows = (position: string, line: string, count = 1): string =>
  `insert into systemprompt.journal (store, position, line)
   select h.id, ${position}, ${line} from systemprompt.head h, generate_series(0, ${count - 1}) n where h.id = $S;`;
const head = (set: string): string => `update systemprompt.head set ${set} where id = $S;`;
const beforeSnapshot = `systemprompt.journal j using systemprompt.head h
  where h.id = $S and j.store = h.id and j.position = h.snapshot_position - 1;`;

/** Changes of a program with write access; `$S` is the id of the store. */
const changes: Readonly<Record<string, string>> = {
  'a row after the end': rows('position', "'junk'"),
  'many rows after the end': rows('position + n', `'{"v":1}'`, 2_000),
  'a row far after the end': rows('position + 5000', "'junk'"),
  'the largest position': rows(LARGEST, "'junk'"),
  'negative positions': rows('-1 - n', "'junk'", 3),
  'twenty rows far after the end': rows('50000 + n', "'{}'", 20),
  'a thousand rows very far after the end': rows('5000000 + n', "'junk'", 1_000),
  'a gap':
    `update systemprompt.journal j set position = j.position + 2000 from systemprompt.head h
      where h.id = $S and j.store = h.id and j.position >= h.position - 2;` + head('position = position + 2000'),
  'a huge line': rows('position', "repeat('x', 70000000)") + head('position = position + 1'),
  'five lines of 20 MB': rows('position + n', "repeat('x', 20000000)", 5) + head('position = position + 5'),
  'thirty lines of 2 MB': rows('position + n', "repeat('x', 2000000)", 30) + head('position = position + 30'),
  'an earlier end': head('position = position - 2'),
  'an end of zero': head('position = 0'),
  'a negative end': head('position = -7'),
  'a later end': head('position = position + 2'),
  'a far later end': head('position = position + 1000000'),
  'the largest end': head(`position = ${LARGEST}`),
  'a later snapshot': head('snapshot_position = snapshot_position + 1'),
  'an earlier snapshot': head('snapshot_position = snapshot_position - 1'),
  'a snapshot at zero': head('snapshot_position = 0'),
  'a snapshot after the end': head('snapshot_position = position + 50'),
  'the largest snapshot': head(`snapshot_position = ${LARGEST}`),
  'another generation': head('snapshot_generation = snapshot_generation + 1'),
  'the largest generation': head(`snapshot_generation = ${LARGEST}`),
  'a negative generation': head('snapshot_generation = -1'),
  'no line before the snapshot': `delete from ${beforeSnapshot}`,
  'another line before the snapshot': `update systemprompt.journal j set line = 'junk' from systemprompt.head h
    where h.id = $S and j.store = h.id and j.position = h.snapshot_position - 1;`,
  'no line before the snapshot, and another generation':
    `delete from ${beforeSnapshot}` + head('snapshot_generation = snapshot_generation + 1'),
  'no line before the snapshot, and a large generation':
    `delete from ${beforeSnapshot}` + head('snapshot_generation = 5000000000000000'),
  'a snapshot among the changes, and the next generation': head(
    'snapshot_position = position - 1, snapshot_generation = snapshot_generation + 1',
  ),
  'the largest number': head(`next_number = ${LARGEST}`),
  'a negative number': head('next_number = -5'),
  'a number of zero': head('next_number = 0'),
  'notices in the future': head(`announced = ${LARGEST}, announced_at = 'infinity'`),
  'given up': head('gave_up = true'),
  'everything at once':
    rows(LARGEST, "'junk'") +
    head(`position = -1, snapshot_position = ${LARGEST}, snapshot_generation = -1, next_number = -1, announced = 7`),
};

describe('a journal in PostgreSQL that another program changed', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const titles = (repository: Repository): string[] => [...repository.view.all()].map(({ title }) => title);

  /** A store with all tasks, some of them only in its journal. */
  async function store(
    context: TestContext,
    compactAt: number,
  ): Promise<{ url: string; running: Repository; sql: (text: string) => Promise<unknown[]> }> {
    const url = await server.store();
    const [row] = await server.sql(
      `select id from systemprompt.head where name = '${new URL(url).searchParams.get('store')}'`,
    );
    const sql = (text: string): Promise<unknown[]> =>
      server.sql(text.replaceAll('$S', `${(row as { id: number }).id}`));
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false, compactAt }));
    for (const title of TITLES.slice(0, 2)) await repository.mutate('create', create(title));
    const gone = await repository.mutate('create', create('gone'));
    await repository.mutate('delete', (draft) => draft.delete(gone));
    for (const title of TITLES.slice(2, 8)) await repository.mutate('create', create(title));
    if (compactAt < 8) {
      const snapshot = 'select from systemprompt.head where id = $S and snapshot_position > 0';
      await until('a snapshot is there', async () => (await sql(snapshot)).length === 1);
    }
    const running = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
    for (const title of TITLES.slice(8)) await running.mutate('create', create(title));
    return { url, running, sql };
  }

  for (const [compactAt, where] of [
    [100, 'before the first snapshot'],
    [5, 'after a snapshot'],
  ] as const) {
    for (const [what, change] of Object.entries(changes)) {
      it(`keeps every task ${where}: ${what}`, async (context) => {
        const { url, running, sql } = await store(context, compactAt);
        await sql(change);
        await running.mutate('create', create('next'));
        const later = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
        await later.mutate('create', create('last'));
        await running.refresh();
        for (const repository of [running, later]) {
          assert.deepEqual(titles(repository), [...TITLES, 'next', 'last']);
          assert.deepEqual(
            [...repository.view.all()].map(({ number }) => number),
            [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
          );
        }
        const again = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
        assert.deepEqual(titles(again), [...TITLES, 'next', 'last']);
        assert.deepEqual(again.problems, []);
      });
    }
  }

  it('keeps the tasks whose lines are left, with their numbers, when the first lines are missing', async (context) => {
    const { url, running, sql } = await store(context, 100);
    await sql('delete from systemprompt.journal where store = $S and position < 4');
    await running.mutate('create', create('next'));
    const later = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
    await running.refresh();
    for (const repository of [running, later]) {
      assert.deepEqual(
        [...repository.view.all()].map(({ number, title }) => [number, title]),
        [...TITLES.slice(2), 'next'].map((title, n) => [n + 4, title]),
      );
    }
  });

  it('keeps the changes after the end of a generation that is missing', async (context) => {
    const { url, running, sql } = await store(context, 100);
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false, compactAt: 5 }));
    await sql('update systemprompt.journal set store = -$S where store = $S and position = 1');
    await sql('update systemprompt.journal set store = $S where store = -$S');
    await repository.mutate('create', create('compacted'));
    await repository.close();
    await sql(`delete from systemprompt.journal where store = $S and line like '{"v":1,"seal":%'`);
    await sql('update systemprompt.head set snapshot_position = 0, snapshot_generation = 1 where id = $S');
    await sql('delete from systemprompt.task where store = $S');
    await running.mutate('create', create('next'));
    const later = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
    for (const each of [running, later]) assert.deepEqual(titles(each), [...TITLES, 'compacted', 'next']);
  });

  it('is read as far as it goes where it may not be changed', async (context) => {
    const { url, sql } = await store(context, 100);
    await sql('delete from systemprompt.journal where store = $S and position = 8');
    await server.sql(`create role reader login; grant usage on schema systemprompt to reader;
      grant select on all tables in schema systemprompt to reader`);
    for (const make of [
      () => new PostgresRepository({ url, watch: false, restricted: true }),
      () => new PostgresRepository({ url: url.replace('postgres@', 'reader@'), watch: false }),
    ]) {
      const { repository } = await opened(context, make);
      assert.deepEqual(titles(repository), TITLES.toSpliced(6, 1));
      assert.match(repository.problems.join(' '), /a user who may change it: that repairs it/);
      await assert.rejects(repository.mutate('create', create('refused')), { code: /Store|Restricted|Untrusted/ });
    }
    assert.equal((await sql('select from systemprompt.journal where store = $S and position = 8')).length, 0);
  });

  it('is repaired beside a compaction', async (context) => {
    const { sql } = await store(context, 100);
    await sql(`insert into systemprompt.journal values ($S, -1, 'junk')`);
    const compaction = sql(
      `begin; select pg_advisory_xact_lock(7320915, $S); delete from systemprompt.journal where store = $S and position < 0;
       select pg_sleep(0.5); update systemprompt.head set gave_up = false where id = $S; commit`,
    );
    await sql(`select pg_sleep(0.1)`);
    await Promise.all([sql('select systemprompt.repair($S)'), compaction]);
    assert.deepEqual(await sql('select systemprompt.is_whole($S) as whole'), [{ whole: true }]);
  });
});
