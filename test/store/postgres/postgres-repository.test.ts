import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Client } from 'pg';
import { TaskError } from '../../../src/core/errors.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { coordinationContract } from '../../contract/coordination.ts';
import { create, entry, opened } from '../../contract/repository/bench.ts';
import { repositoryContract } from '../../contract/repository.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { Relay } from '../../support/relay.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

describe('PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const repository = (url: string, more: { watch?: boolean; compactAt?: number } = {}): PostgresRepository =>
    new PostgresRepository({ url, ...more });
  const openedAt = (context: TestContext, url: string, more = {}): ReturnType<typeof opened> =>
    opened(context, () => repository(url, more));

  repositoryContract('PostgreSQL', async () => repository(await server.store()));
  coordinationContract('PostgreSQL', async (context) => {
    const { XDG_CONFIG_HOME } = process.env;
    // Confirmations belong to the person, and the test has none.
    process.env.XDG_CONFIG_HOME = tempFolder(context);
    const made = new PostgresRepository({ url: await server.store(), folder: tempFolder(context) });
    if (XDG_CONFIG_HOME === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = XDG_CONFIG_HOME;
    await made.open({ changed() {}, logged() {} });
    context.after(() => made.close());
    return made.coordination;
  });

  it('shows changes and log entries of another process without asking', async (context) => {
    const url = await server.store();
    const [a, b] = [await openedAt(context, url), await openedAt(context, url)];
    b.repository.watchLogs(true);
    const id = await a.repository.mutate('create', create('from a'));
    await until('b has the task', () => b.repository.view.byId(id)?.title === 'from a');
    await a.repository.appendLog(id, [entry('hello')]);
    await until('b reports the entry', () => b.logged.some(([, { message }]) => message === 'hello'));
  });

  it('knows the archived dependencies of a task after it was opened again', async (context) => {
    const url = await server.store();
    const { repository: a } = await openedAt(context, url, { compactAt: 0 });
    const ids: TaskRecord['id'][] = [];
    for (const title of ['done', 'other']) ids.push(await a.mutate('create', create(title)));
    const [done = '', other = ''] = ids;
    await a.mutate('create', create('dependent', { dependsOn: ids.slice(0, 1) }));
    await a.archive.add((view) => ids.flatMap((id) => view.byId(id) ?? []));
    const replayed = `select from systemprompt.journal j join systemprompt.head h on h.id = j.store
      where h.name = '${new URL(url).searchParams.get('store')}' and j.position >= h.snapshot_position and j.line like '%"archived"%'`;
    await until('a snapshot knows of the archive', async () => {
      await a.mutate('create', create('later'));
      return (await server.sql(replayed)).length === 0;
    });
    await a.close();
    const { repository: b } = await openedAt(context, url);
    assert.equal(b.view.dependency(done)?.title, 'done');
    assert.equal(b.view.dependency(other), undefined);
  });

  it('finds changes whose notices a pooler dropped', async (context) => {
    const url = await server.store();
    const relay = await Relay.start(server.port);
    context.after(() => relay.end());
    relay.lose('systemprompt_');
    const [a, b] = [
      await openedAt(context, url),
      await openedAt(context, url.replace(`:${server.port}/`, `:${relay.port}/`)),
    ];
    await b.repository.watchLogs(true);
    let looks = 0;
    const watch = b.repository.coordination.watch('queue', () => {
      looks += 1;
    });
    context.after(() => watch.dispose());
    const id = await a.repository.mutate('create', create('from a'));
    await a.repository.appendLog(id, [entry('hello')]);
    await until('b has the task', () => b.repository.view.byId(id)?.title === 'from a');
    await until('b reports the entry', () => b.logged.some(([, { message }]) => message === 'hello'));
    looks = 0;
    await a.repository.coordination.write('queue', 'state', '{}');
    await until('b looks at the queue', () => looks > 0);
  });

  it('decides concurrent changes of several processes one after the other', async (context) => {
    const url = await server.store();
    const all = await Promise.all(Array.from({ length: 4 }, () => openedAt(context, url, { watch: false })));
    const [first] = all;
    assert.ok(first);
    const id = await first.repository.mutate('create', create('count'));
    const add = ({ repository }: (typeof all)[number]): Promise<unknown> =>
      repository.mutate('add', (draft) => draft.patch(id, { labels: [...draft.require(id).labels, 'x'] }));
    await Promise.all(all.flatMap((one) => Array.from({ length: 10 }, () => add(one))));
    await first.repository.refresh();
    assert.equal(first.repository.view.byId(id)?.labels.length, 40);
  });

  it('compacts the journal while other processes continue', async (context) => {
    const url = await server.store();
    const a = await openedAt(context, url, { watch: false, compactAt: 20 });
    const b = await openedAt(context, url, { watch: false, compactAt: 1e9 });
    const removed = await a.repository.mutate('create', create('removed'));
    await a.repository.mutate('delete', (draft) => draft.delete(removed));
    for (let i = 0; i < 150; i += 1) {
      await (i % 10 === 0 ? b : a).repository.mutate('create', create(`t${i}`));
    }
    await a.repository.close();
    await b.repository.refresh();
    const c = await openedAt(context, url, { watch: false });
    const titles = [...c.repository.view.all()].map(({ number, title }) => [number, title]);
    assert.deepEqual(
      titles,
      Array.from({ length: 150 }, (_, i) => [i + 2, `t${i}`]),
    );
    assert.deepEqual([...b.repository.view.all()], [...c.repository.view.all()]);
  });

  it('leaves the compaction to the process that has begun it', async (context) => {
    const url = await server.store();
    const stores = [];
    for (let at = 0; at < 4; at += 1) stores.push(await openedAt(context, url, { watch: false, compactAt: 20 }));
    const holder = new Client({ connectionString: server.url() });
    await holder.connect();
    context.after(() => holder.end());
    await holder.query('select pg_advisory_lock(7320915, id) from systemprompt.head where name = $1', [nameIn(url)]);
    for (let i = 0; i < 30; i += 1) await stores[i % 4]?.repository.mutate('create', create(`t${i}`));
    // Processes that see the growth at the same moment end the same generation.
    const ended =
      await server.sql(`select distinct j.line::json->>'seal' from systemprompt.journal j join systemprompt.head h on h.id = j.store
      where h.name = '${nameIn(url)}' and j.line like '%"seal":%'`);
    assert.equal(ended.length, 1);
    await holder.query('select pg_advisory_unlock_all()');
    for (const { repository } of stores) await repository.close();
  });

  it('removes all rows of a removed store', async (context) => {
    const url = await server.store();
    const { repository } = await openedAt(context, url, { watch: false, compactAt: 0 });
    await repository.mutate('create', (draft) => draft.log(create('with a log')(draft), { message: 'Created' }));
    await repository.close();
    const [store] = (await server.sql(`select id from systemprompt.head where name = '${nameIn(url)}'`)) as {
      id: number;
    }[];
    await server.sql(`delete from systemprompt.head where id = ${store?.id}`);
    const tables = (await server.sql(
      `select table_name as name from information_schema.columns where table_schema = 'systemprompt' and column_name = 'store'`,
    )) as { name: string }[];
    assert.equal(tables.length, 8);
    for (const { name } of tables) {
      assert.deepEqual(await server.sql(`select from systemprompt.${name} where store = ${store?.id}`), [], name);
    }
  });

  it('removes the leftovers of deleted tasks after a crash', async (context) => {
    const url = await server.store();
    const { repository: killed } = await openedAt(context, url, { watch: false });
    const [log, archived] = [
      await killed.mutate('create', create('with a log')),
      await killed.mutate('create', create('archived')),
    ];
    await killed.archive.add((view) => [view.byId(archived)].flatMap((task) => task ?? []));
    await killed.archive.delete([archived]);
    await killed.mutate('delete', (draft) => draft.delete(log));
    await killed.close();
    const store = `(select id from systemprompt.head where name = '${new URL(url).searchParams.get('store')}')`;
    await server.sql(`insert into systemprompt.log_head (store, task) values (${store}, '${log}')`);
    await server.sql(
      `insert into systemprompt.archive (store, id, number, record) values (${store}, '${archived}', 2, '{}')`,
    );
    const { repository: next } = await openedAt(context, url, { watch: false, compactAt: 2 });
    await next.mutate('create', create('next'));
    await next.close();
    assert.deepEqual(
      await server.sql(`select task from systemprompt.log_head where store = ${store} and task = '${log}'`),
      [],
    );
    assert.deepEqual(await server.sql(`select id from systemprompt.archive where store = ${store}`), []);
  });

  it('keeps the changes of a generation whose compactor died while an earlier one was compacted', async (context) => {
    const url = await server.store();
    const relay = await Relay.start(server.port);
    context.after(() => relay.end());
    const { repository: a } = await openedAt(context, url, { watch: false, compactAt: 5 });
    const behindRelay = url.replace(`:${server.port}/`, `:${relay.port}/`);
    const { repository: b } = await openedAt(context, behindRelay, { watch: false, compactAt: 5 });
    const id = await a.mutate('create', create('before'));
    const name = new URL(url).searchParams.get('store');
    const holder = new Client({ connectionString: server.url() });
    await holder.connect();
    context.after(() => holder.end());
    await holder.query('select pg_advisory_lock(7320915, id) from systemprompt.head where name = $1', [name]);
    for (let i = 0; i < 6; i += 1) await a.mutate('create', create(`t${i}`));
    const seals = `select from systemprompt.journal j join systemprompt.head h on h.id = j.store
      where h.name = '${name}' and j.line like '%"seal":%'`;
    await until('a has ended a generation', async () => (await server.sql(seals)).length === 1);
    relay.hold('pg_advisory_xact_lock');
    await b.mutate('rename', (draft) => draft.patch(id, { title: 'after' }));
    for (let i = 0; i < 6; i += 1) await b.mutate('create', create(`b${i}`));
    await until('b has ended the next one', () => relay.isHolding);
    relay.cut();
    await a.refresh();
    await holder.query('select pg_advisory_unlock_all()');
    for (let i = 6; i < 20; i += 1) await a.mutate('create', create(`t${i}`));
    await a.close();
    const c = await openedAt(context, url, { watch: false });
    assert.equal(c.repository.view.byId(id)?.title, 'after');
  });

  it('returns every text unchanged', async (context) => {
    const url = await server.store();
    const a = await openedAt(context, url, { watch: false, compactAt: 0 });
    const id = await a.repository.mutate('create', create('nul \0 and half \ud800 of a pair'));
    const instructions = 'ü\u2028'.repeat(100_000);
    await a.repository.mutate('edit', (draft) => draft.patch(id, { instructions }));
    await a.repository.close();
    const b = await openedAt(context, url, { watch: false });
    assert.equal(b.repository.view.byId(id)?.instructions, instructions);
    assert.deepEqual(b.repository.view.byId(id), a.repository.view.byId(id));
  });

  it('moves rows that are not tasks into quarantine, and ignores lines of another format', async (context) => {
    const url = await server.store();
    const a = await openedAt(context, url, { watch: false });
    await a.repository.mutate('create', create('good'));
    await server.sql(
      `insert into systemprompt.task (store, id, number, record) select id, 'task_bad', 99, '{"a":1}' from systemprompt.head where name = '${nameIn(url)}';
       insert into systemprompt.journal select id, position, '{"v":9}' from systemprompt.head where name = '${nameIn(url)}';
       insert into systemprompt.journal select id, position + 1, 'junk' from systemprompt.head where name = '${nameIn(url)}';
       update systemprompt.head set position = position + 2 where name = '${nameIn(url)}'`,
    );
    const b = await openedAt(context, url, { watch: false });
    assert.deepEqual(b.repository.problems, ['Row task_bad of systemprompt.task: not a task.']);
    await b.repository.mutate('create', create('next'));
    assert.deepEqual(
      [...b.repository.view.all()].map(({ title }) => title),
      ['good', 'next'],
    );
    const c = await openedAt(context, url, { watch: false });
    assert.deepEqual(c.repository.problems, []);
    assert.deepEqual(await server.sql("select id, reason from systemprompt.quarantine where id = 'task_bad'"), [
      { id: 'task_bad', reason: 'not a task' },
    ]);
  });

  it('keeps what was acknowledged when the server crashes, and reconnects', async (context) => {
    const url = await server.store();
    const { repository: mine } = await openedAt(context, url);
    await mine.mutate('create', create('before'));
    const { server: reachability } = mine.coordination;
    const states: unknown[] = [];
    reachability?.onChange(() => states.push(reachability.isOnline));
    await until('it is connected', () => reachability?.isOnline === true);
    await server.stop('SIGQUIT');
    await until('it is offline', () => reachability?.isOnline === false);
    await assert.rejects(mine.mutate('create', create('offline')), { code: 'StoreNotWritable', message: /is offline/ });
    await server.boot();
    await until('it is online', () =>
      mine.mutate('create', create('after')).then(
        () => true,
        () => false,
      ),
    );
    await until('it is online again', () => reachability?.isOnline === true);
    assert.deepEqual(states, [false, true]);
    const other = await openedAt(context, url);
    await other.repository.mutate('create', create('from another'));
    await until('the notice arrives', () => [...mine.view.all()].some(({ title }) => title === 'from another'));
    assert.deepEqual(
      [...other.repository.view.all()].map(({ number, title }) => [number, title]),
      [
        [1, 'before'],
        [2, 'after'],
        [3, 'from another'],
      ],
    );
  });

  it('refuses lines that arrive after their writer gave them up', async (context) => {
    const url = await server.store();
    const relay = await Relay.start(server.port);
    context.after(() => relay.end());
    const { repository: mine } = await openedAt(context, url.replace(`:${server.port}/`, `:${relay.port}/`), {
      watch: false,
    });
    await mine.mutate('create', create('before'));
    relay.hold('systemprompt.append(');
    const lost = mine.mutate('create', create('lost'));
    await until('the append is held', () => relay.isHolding);
    relay.cut();
    await lost;
    await relay.release();
    const other = await openedAt(context, url, { watch: false });
    await other.repository.mutate('create', create('after'));
    assert.deepEqual(
      [...other.repository.view.all()].map(({ title }) => title),
      ['before', 'lost', 'after'],
    );
    const refused = await server.sql('select token from systemprompt.given_up');
    assert.equal(refused.length, 1);
  });

  it('refuses a missing store, a missing database and a second store of one name', async () => {
    const url = await server.store();
    assert.equal(await PostgresRepository.create(url), false);
    const fails = (at: string, message: RegExp): Promise<void> =>
      assert.rejects(repository(at).open({ changed() {}, logged() {} }), { code: 'StoreNotWritable', message });
    await fails(server.url('never-made'), /has no store "never-made"/);
    await fails(server.url('default', 'nowhere'), /there is no such database/);
    await fails('postgres://ada@127.0.0.1:1/tasks', /is offline/);
  });

  it('suggests the command that creates a missing store', async () => {
    const error = await repository(server.url('not-there'))
      .open({ changed() {}, logged() {} })
      .catch((thrown: unknown) => thrown);
    assert.ok(TaskError.is(error, 'StoreNotWritable'));
    assert.deepEqual(
      error.next.map((step) => step.kind === 'shell' && step.command),
      ['systemprompt store init ADDRESS'],
    );
  });

  it('refuses the schema of another application', async () => {
    await server.sql('create database foreigner');
    await server.sql('create schema systemprompt', 'foreigner');
    await assert.rejects(PostgresRepository.create(server.url('default', 'foreigner')), {
      code: 'InvalidInput',
      message: /of another application/,
    });
  });

  for (const change of [
    "update systemprompt.migration set hash = 'other'",
    'alter table systemprompt.migration drop hash',
  ]) {
    it(`refuses the schema of a development version, after ${change}`, async () => {
      const url = server.url('default', 'development');
      await server.sql('drop database if exists development');
      await server.sql('create database development');
      await PostgresRepository.create(url);
      await server.sql(change, 'development');
      const refused = { code: 'InvalidInput', message: /development version/ };
      await assert.rejects(PostgresRepository.create(url), refused);
      await assert.rejects(repository(url).open({ changed() {}, logged() {} }), refused);
    });
  }

  it('opens a store with a task of a newer version read-only, and keeps the task', async (context) => {
    const url = await server.store();
    const store = `(select id from systemprompt.head where name = '${new URL(url).searchParams.get('store')}')`;
    const record = '{"schema_version":2,"id":"task_newer","number":1}';
    await server.sql(
      `insert into systemprompt.task (store, id, number, record) values (${store}, 'task_newer', 1, '${record}')`,
    );
    const { repository: older } = await openedAt(context, url, { watch: false });
    assert.match(older.readOnly ?? '', /newer version/);
    await assert.rejects(older.mutate('create', create('refused')), { code: 'StoreNewer' });
    assert.equal((await server.sql("select from systemprompt.task where id = 'task_newer'")).length, 1);
  });

  it('opens a newer schema read-only', async (context) => {
    await server.sql('create database newer');
    const url = server.url('default', 'newer');
    await PostgresRepository.create(url);
    const a = await openedAt(context, url, { watch: false });
    await a.repository.mutate('create', create('kept'));
    await server.sql('insert into systemprompt.migration (version) values (1000)', 'newer');
    const b = await openedAt(context, url, { watch: false });
    assert.equal(b.repository.view.size, 1);
    assert.match(b.repository.readOnly ?? '', /newer version/);
    await assert.rejects(b.repository.mutate('create', create('no')), { code: 'StoreNewer' });
  });

  it('creates no store in a newer schema', async () => {
    await server.sql('create database newest');
    const url = server.url('first', 'newest');
    await PostgresRepository.create(url);
    await server.sql('insert into systemprompt.migration (version) values (1000)', 'newest');
    for (const each of [url, server.url('second', 'newest')]) {
      await assert.rejects(PostgresRepository.create(each), { code: 'StoreNewer', message: /newer version/ });
    }
    assert.deepEqual(await server.sql('select name from systemprompt.head', 'newest'), [{ name: 'first' }]);
  });
});

function nameIn(url: string): string {
  return new URL(url).searchParams.get('store') ?? '';
}
