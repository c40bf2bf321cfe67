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
    for (const title of TITLES.slice(0, 8)) await repository.mutate('create', create(title));
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
            Array.from({ length: 14 }, (_, n) => n + 1),
          );
        }
        const again = (await opened(context, () => new PostgresRepository({ url, watch: false }))).repository;
        assert.deepEqual(titles(again), [...TITLES, 'next', 'last']);
        assert.deepEqual(again.problems, []);
      });
    }
  }
});
