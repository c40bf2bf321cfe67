import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { announce, knownWorkers } from '../../../src/runtime/liveness/presence.ts';
import { Arrivals } from '../../../src/store/postgres/arrivals.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { create, entry, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

/** Rows of a program with write access to the tables. */
describe('rows in PostgreSQL that another program wrote', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const openedAt = (context: TestContext, url: string, more = {}): ReturnType<typeof opened> =>
    opened(context, () => new PostgresRepository({ url, watch: false, ...more }));

  /** A new store, and a function that inserts rows into it; `$S` is the id of the store. */
  async function store(): Promise<{ url: string; sql: (text: string) => Promise<unknown[]> }> {
    const url = await server.store();
    const id = `(select id from systemprompt.head where name = '${new URL(url).searchParams.get('store')}')`;
    return { url, sql: (text) => server.sql(text.replaceAll('$S', id)) };
  }

  it('reads at most 1,000 entries of workers at once, and removes those of no worker together', async (context) => {
    const { url, sql } = await store();
    const { coordination } = (await openedAt(context, url)).repository;
    await sql(
      `insert into systemprompt.coordination (store, kind, key, text, at)
       select $S, 'workers', e'../junk\\x1b[2J' || n, 'junk', clock_timestamp() - interval '1 hour'
       from generate_series(1, 3000) n`,
    );
    await announce(coordination, 'worker_1', 'foreground');
    const calls: string[] = [];
    const counted = new Proxy(coordination, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        calls.push(String(name));
        return value.bind(target);
      },
    });
    assert.deepEqual(
      (await knownWorkers(counted)).map(({ id }) => id),
      ['worker_1'],
    );
    assert.deepEqual(calls, ['entries', 'remove']);
    const rest = "select from systemprompt.coordination where store = $S and kind = 'workers'";
    assert.equal((await sql(rest)).length, 2_001 + 1);
  });

  it('lists no worker whose entry is of another shape, too long or from the future', async (context) => {
    const { url, sql } = await store();
    const { coordination } = (await openedAt(context, url)).repository;
    const good = {
      ...(await announce(coordination, 'worker_1', 'foreground')),
      host: 'elsewhere',
      boot: 'elsewhere',
      machine: 'elsewhere',
    };
    const write = (key: string, value: unknown, at = 'clock_timestamp()'): Promise<unknown> =>
      sql(
        `insert into systemprompt.coordination (store, kind, key, text, at)
         values ($S, 'workers', '${key}', '${JSON.stringify(value)}', ${at})`,
      );
    await write('good', { ...good, id: 'good' });
    const wrong = {
      agents: 5,
      max_parallel: 'many',
      mode: 'x',
      since: 'never',
      host: {},
      pid: 'x',
      folder: 1,
      limited: 1,
      id: null,
      boot: 'x'.repeat(20_000),
    };
    for (const [key, value] of Object.entries(wrong)) await write(`wrong-${key}`, { ...good, [key]: value });
    await write('negative', { ...good, id: 'negative', max_parallel: -1 });
    await write('forever', { ...good, id: 'forever' }, "'infinity'");
    await write('past', { ...good, id: 'past' }, "'-infinity'");
    await write('far', { ...good, id: 'far' }, "'294276-12-31'");
    await write('later', { ...good, id: 'later' }, "clock_timestamp() + interval '1 hour'");
    const ids = async (): Promise<string[]> => (await knownWorkers(coordination)).map(({ id }) => id);
    assert.deepEqual((await ids()).sort(), ['good', 'worker_1']);
    const rest = "select key from systemprompt.coordination where store = $S and kind = 'workers' order by key";
    assert.deepEqual(await sql(rest), [{ key: 'good' }, { key: 'worker_1' }]);
  });

  it('pauses the queue for an entry that is too long', async (context) => {
    const { url, sql } = await store();
    const { coordination } = (await openedAt(context, url)).repository;
    await sql(
      `insert into systemprompt.coordination (store, kind, key, text)
       values ($S, 'queue', 'queue', '{"playing":true}' || repeat(' ', 100000))`,
    );
    assert.equal(await coordination.read('queue', 'queue'), undefined);
  });

  it('puts invalid tasks into quarantine', async (context) => {
    const { url, sql } = await store();
    const a = (await openedAt(context, url, { compactAt: 0 })).repository;
    const kept = await a.mutate('create', create('kept'));
    await a.close();
    const copy = `select $S, 'task_copy', 50, record from systemprompt.task where store = $S and id = '${kept}'`;
    await sql(
      `insert into systemprompt.task (store, id, number, record) values
         ($S, '../path', 2, '{}'), ($S, e'\\x1b[2Jescape', 3, '[]'), ($S, 'list', 4, '[1]'), ($S, 'null', 5, 'null'),
         ($S, 'negative', -6, '{"number":-6}'), ($S, 'zero', 0, '5'), ($S, 'largest', 9223372036854775807, '"text"'),
         ($S, repeat('long', 20000), 7, '{}'), ($S, '', 8, '{}'),
         ($S, 'deep', 9, (repeat('[', 3000) || repeat(']', 3000))::json),
         ($S, 'huge', 10, ('"' || repeat('x', 20000000) || '"')::json);
       insert into systemprompt.task (store, id, number, record) ${copy};
       insert into systemprompt.task (store, id, number, record)
         select $S, 'junk' || n, 1000 + n, '{"a":1}' from generate_series(1, 2000) n`,
    );
    const b = (await openedAt(context, url)).repository;
    assert.deepEqual(
      [...b.view.all()].map(({ title }) => title),
      ['kept'],
    );
    assert.ok(b.problems.some((problem) => problem.includes('Row huge of systemprompt.task: longer than')));
    assert.ok(b.problems.length < 30 && b.problems.every((problem) => problem.length < 300), `${b.problems.length}`);
    assert.match(b.problems.at(-1) ?? '', /^19\d\d more rows of systemprompt\.task are not tasks\./);
    assert.deepEqual(await sql('select id from systemprompt.task where store = $S'), [{ id: kept }]);
    assert.equal((await sql('select from systemprompt.quarantine where store = $S')).length, 2_012);
    assert.equal(await b.mutate('create', create('next')).then((id) => b.view.byId(id)?.number), 2);
  });

  it('compacts the journal although a row has the number of a task', async (context) => {
    const { url, sql } = await store();
    const { repository } = await openedAt(context, url, { compactAt: 3 });
    await sql(
      `insert into systemprompt.task (store, id, number, record)
       select $S, 'junk' || n, n, '{}' from generate_series(2, 3) n`,
    );
    for (let n = 1; n <= 8; n += 1) await repository.mutate('create', create(`task ${n}`));
    const compacted = 'select from systemprompt.head where id = $S and snapshot_position > 0';
    await until('a snapshot is there', async () => (await sql(compacted)).length === 1);
    const reason = 'its number is that of another task';
    assert.deepEqual(await sql('select id, reason from systemprompt.quarantine where store = $S order by id'), [
      { id: 'junk2', reason },
      { id: 'junk3', reason },
    ]);
  });

  it('shows a warning for each invalid entry of a log', async (context) => {
    const { url, sql } = await store();
    const { repository } = await openedAt(context, url);
    const id = await repository.mutate('create', create('logged'));
    await repository.appendLog(id, [entry('first')]);
    const before = await repository.countLog(id);
    const row = (start: number | string, count: number | string, lines: string): Promise<unknown> =>
      sql(
        `insert into systemprompt.log (store, task, start, count, lines) values ($S, '${id}', ${start}, ${count}, ${lines})`,
      );
    await row(before, 2, "'[1]'");
    await row(before + 2, 3, `'${JSON.stringify(entry('long')).replace('long', "' || repeat('x', 20000000) || '")}'`);
    await row(before + 5, -4, "'negative'");
    await row(before + 6, 2, "'{}'");
    await row(before + 7, 1, "'overlapping'");
    await row('9223372036854775807', 2147483647, "'last'");
    await row(before + 8, 2147483647, "'many'");
    await row(-5, 1, "'early'");
    await sql(`update systemprompt.log_head set next = ${before + 10} where store = $S and task = '${id}'`);
    const { entries, start, next } = await repository.readLog(id, { after: 0, limit: before + 10 });
    assert.deepEqual([start, next], [0, before + 9]);
    assert.equal(entries[before - 1]?.message, 'first');
    assert.deepEqual(
      entries.slice(before).map(({ message }) => message),
      Array.from({ length: 5 }, () => 'A line of this log is not an entry.'),
    );
    const tail = await repository.readLog(id, { limit: 3 });
    assert.deepEqual([tail.start, tail.entries.length, tail.next], [before + 7, 2, before + 9]);
  });

  it('reports new entries of a log with a gap once', async (context) => {
    const { url, sql } = await store();
    const [a, b] = [await openedAt(context, url), await openedAt(context, url, { watch: true })];
    const id = await a.repository.mutate('create', create('logged'));
    await a.repository.appendLog(id, [entry('before')]);
    await b.repository.watchLogs(true);
    await sql(`update systemprompt.log_head set next = next + 5000 where store = $S and task = '${id}'`);
    await a.repository.appendLog(id, [entry('after the gap')]);
    await until('b reports the entry', () => b.logged.some(([, { message }]) => message === 'after the gap'));
    await a.repository.appendLog(id, [entry('last')]);
    await until('b reports the last entry', () => b.logged.some(([, { message }]) => message === 'last'));
    assert.equal(b.logged.filter(([, { message }]) => message === 'after the gap').length, 1);
  });

  it('appends to every log although rows are in the way', async (context) => {
    const { url, sql } = await store();
    const { repository } = await openedAt(context, url);
    const ids = [await repository.mutate('create', create('a')), await repository.mutate('create', create('b'))];
    const [blocked = '', other = ''] = ids;
    await repository.appendLog(blocked, [entry('before')]);
    await sql(
      `insert into systemprompt.log (store, task, start, count, lines)
       select store, task, next, 1, 'in the way' from systemprompt.log_head where store = $S and task = '${blocked}'`,
    );
    await sql(
      `insert into systemprompt.log (store, task, start, count, lines) values ($S, '${other}', 0, 1, 'without a head')`,
    );
    await Promise.all([
      repository.appendLog(blocked, [entry('to the blocked one')]),
      repository.appendLog(other, [entry('to the other')]),
    ]);
    for (const [id, message] of [
      [blocked, 'to the blocked one'],
      [other, 'to the other'],
    ] as const) {
      const { entries } = await repository.readLog(id, { limit: 10 });
      assert.equal(entries.filter((each) => each.message === message).length, 1);
    }
  });

  it('changes a task although rows are in the way of its log', async (context) => {
    const { url, sql } = await store();
    const tasks = await TaskStore.open({ folder: tempFolder(context), repository: new PostgresRepository({ url }) });
    context.after(() => tasks.close());
    const { id } = await tasks.createTask({ title: 'first' });
    await sql(
      `insert into systemprompt.log (store, task, start, count, lines)
       select store, task, next, 1, 'in the way' from systemprompt.log_head where store = $S and task = '${id}'`,
    );
    await tasks.updateTask(id, { status: 'completed' });
    await until('the log has the entry', async () =>
      (await tasks.getLogs(id)).entries.some(({ message }) => /completed/i.test(message)),
    );
    await sql(`update systemprompt.log_head set next = 9223372036854775807 where store = $S and task = '${id}'`);
    await tasks.updateTask(id, { title: 'second' });
    await tasks.addLog(id, 'last');
    assert.equal((await tasks.getLogs(id)).entries.at(-1)?.message, 'last');
  });

  it('lists no invalid archived task, and archives others', async (context) => {
    const { url, sql } = await store();
    const { repository } = await openedAt(context, url);
    const id = await repository.mutate('create', create('old'));
    const other = await repository.mutate('create', create('older'));
    await sql(
      `insert into systemprompt.archive (store, id, number, token, record) values
         ($S, '../path', 1, '', '{}'), ($S, e'\\x1b[2J', -3, '', '[]'), ($S, 'list', 9223372036854775807, '', '[]'),
         ($S, 'junk', 4, '../token', '{}'), ($S, repeat('long', 20000), 7, '', '{}'),
         ($S, 'huge', 10, '', ('"' || repeat('x', 20000000) || '"')::json)`,
    );
    await repository.archive.add((view) => [id, other].flatMap((each) => view.byId(each) ?? []));
    const named = await repository.archive.names();
    assert.deepEqual(named.map(({ number }) => number).sort(), [1, 2, 10].sort());
    const huge = named.find(({ number }) => number === 10);
    assert.ok(huge);
    assert.equal(await repository.archive.read(huge), undefined);
  });

  for (const record of ['{"revision":"x"}', '{"revision":1e400}']) {
    it(`completes the return of a task from the archive beside a row with the record ${record}`, async (context) => {
      const { url, sql } = await store();
      const { repository } = await openedAt(context, url);
      const id = await repository.mutate('create', create('restored'));
      await repository.archive.add((view) => [view.byId(id)].flatMap((task) => task ?? []));
      await repository.archive.restore(await repository.archive.names());
      await sql(
        `insert into systemprompt.archive (store, id, number, token, record) values ($S, '${id}', 1, '', '${record}')`,
      );
      await openedAt(context, url);
      assert.deepEqual(await sql('select from systemprompt.archive where store = $S'), []);
    });
  }

  it('reads on once for a notice of lines that do not exist', async (context) => {
    let reads = 0;
    const arrivals = new Arrivals(
      () => 1,
      () => {
        reads += 1;
      },
    );
    context.after(() => arrivals.stop());
    arrivals.noticed(999_999_999_999);
    await delay(30);
    await arrivals.during(async () => {});
    assert.equal(reads, 1);
  });
});
