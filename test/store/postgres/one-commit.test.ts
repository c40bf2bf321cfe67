import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Mutation } from '../../../src/store/journal/draft.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create, opened } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { Relay } from '../../support/relay.ts';
import { until } from '../../support/temp-folder.ts';

/** A creation with the entry that reports it, as of `task create`. */
const reported =
  (title: string): Mutation<string> =>
  (draft) => {
    const id = create(title)(draft);
    draft.log(id, { message: `Created ${title}` });
    return id;
  };

describe('a change and its log entries in PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const at = async (context: TestContext, url: string, compactAt?: number): Promise<PostgresRepository> => {
    const { repository } = await opened(context, () => new PostgresRepository({ url, watch: false, compactAt }));
    return repository as PostgresRepository;
  };
  /** Whether one transaction wrote a change of a task and the last entry of its log. */
  const isOneCommit = async (id: string, op = 'create'): Promise<boolean> => {
    const [row] = (await server.sql(
      `select j.xmin = l.xmin as one from systemprompt.journal j join systemprompt.log l on l.task = '${id}'
       where j.line like '%"op":"${op}","id":"${id}"%' order by l.start desc limit 1`,
    )) as { one: boolean }[];
    return row?.one === true;
  };
  const messages = async (from: PostgresRepository, id: string): Promise<string[]> =>
    (await from.readLog(id, {})).entries.map(({ message }) => message);

  it('are one commit for a creation, also beside creations of other processes', async (context) => {
    const url = await server.store();
    const [a, b] = [await at(context, url), await at(context, url)];
    const first = await a.mutate('create', reported('first'));
    const second = await b.mutate('create', reported('second'));
    assert.deepEqual([await isOneCommit(first), await isOneCommit(second)], [true, true]);
    assert.deepEqual(await messages(a, second), ['Created second']);
  });

  it('are one commit for a change of a task that no other process has changed since', async (context) => {
    const a = await at(context, await server.store());
    const id = await a.mutate('create', create('task'));
    await a.mutate('edit', (draft) => {
      draft.patch(id, { title: 'edited' });
      draft.log(id, { message: 'edited' });
    });
    assert.equal(await isOneCommit(id, 'set'), true);
  });

  it('adds the entry once if the change is decided again on later changes', async (context) => {
    const url = await server.store();
    const [a, b] = [await at(context, url), await at(context, url)];
    const id = await a.mutate('create', create('task'));
    await b.refresh();
    await a.mutate('edit', (draft) => draft.patch(id, { priority: 'high' }));
    await b.mutate('edit', (draft) => {
      draft.patch(id, { title: 'edited' });
      draft.log(id, { message: 'edited' });
    });
    assert.deepEqual(await messages(a, id), ['edited']);
  });

  it('adds no entry to a refused change after it read the change that refuses it', async (context) => {
    const url = await server.store();
    const [a, b] = [await at(context, url), await at(context, url)];
    const id = await a.mutate('create', create('task'));
    await b.refresh();
    const claim = (by: string): Mutation<boolean> => {
      return (draft) => {
        const isFree = draft.byId(id)?.assignee === undefined;
        if (isFree) {
          draft.patch(id, { assignee: by });
          draft.log(id, { message: `Claimed by ${by}` });
        }
        return isFree;
      };
    };
    // A read that a notice asks for, between the decision and the append.
    const { parts } = a as unknown as { parts: { logs: { flush(): Promise<void> } } };
    const flush = parts.logs.flush.bind(parts.logs);
    context.mock.method(parts.logs, 'flush', async () => {
      context.mock.restoreAll();
      await flush();
      assert.equal(await b.mutate('claim', claim('b')), true);
      await a.refresh();
    });
    assert.equal(await a.mutate('claim', claim('a')), false);
    const claims = (await messages(a, id)).filter((message) => message.startsWith('Claimed'));
    assert.deepEqual(claims, ['Claimed by b']);
  });

  it('adds the entry once to a creation that met the end of a generation', async (context) => {
    const url = await server.store();
    const [a, b] = [await at(context, url, 2), await at(context, url)];
    for (const title of ['1', '2', '3', '4']) await a.mutate('create', create(title));
    await a.close();
    const id = await b.mutate('create', reported('late'));
    await until('the entry is written', async () => (await messages(b, id)).length > 0);
    assert.deepEqual(await messages(b, id), ['Created late']);
    const logs = (await server.sql(`select count(*)::int as logs from systemprompt.log where lines like '%late%'`)) as {
      logs: number;
    }[];
    assert.deepEqual(logs, [{ logs: 1 }], 'the refused creation has no log');
  });

  it('adds the entry once if the answer of the server is lost', async (context) => {
    const url = await server.store();
    const relay = await Relay.start(server.port);
    context.after(() => relay.end());
    const mine = await at(context, url.replace(`:${server.port}/`, `:${relay.port}/`));
    await mine.mutate('create', create('before'));
    relay.hold('systemprompt.append(');
    const creation = mine.mutate('create', reported('kept'));
    await until('the append is held', () => relay.isHolding);
    relay.silence(true);
    await relay.release();
    relay.silence(false);
    relay.cut();
    const id = await creation;
    await mine.close();
    const other = await at(context, url);
    assert.deepEqual(await messages(other, id), ['Created kept']);
    assert.equal(await isOneCommit(id), true);
  });
});
