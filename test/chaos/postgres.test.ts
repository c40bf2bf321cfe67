import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TaskError } from '../../src/core/errors.ts';
import { PostgresRepository } from '../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { fakeClock, faketimeOrSkip } from '../support/faketime.ts';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { Relay } from '../support/relay.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { check, client, type Said } from './support/clients.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
const CLIENTS = 4;
const OPERATIONS = rounds > 1 ? 500 : 60;
const MONTH_S = 30 * 24 * 60 * 60;
const faketime = await faketimeOrSkip();

describe('clients of a database that fails (G1, G3, G5)', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  /** Lets clients work while the database fails, and compares their acknowledged changes with the store. */
  async function survives(
    fail: (heard: () => number) => Promise<void>,
    given?: { readonly place: string; readonly env?: (at: number) => NodeJS.ProcessEnv },
  ): Promise<void> {
    const place = given?.place ?? (await server.store());
    let [heard, working] = [0, CLIENTS];
    const begun = new Set<number>();
    const clients = Array.from({ length: CLIENTS }, (_, at) =>
      client(
        place,
        `p${at}`,
        OPERATIONS,
        60_000,
        (said) => {
          heard += 1;
          begun.add(at);
          working -= said.done === true ? 1 : 0;
          if (working === 0) for (const { child } of clients) child.stdin?.end();
        },
        given?.env?.(at),
      ),
    );
    await until('all clients are at work', () => begun.size === CLIENTS);
    await fail(() => (working === 0 ? Number.POSITIVE_INFINITY : heard));
    const said: Said[] = (await Promise.all(clients.map((each) => each.said))).flat();
    assert.equal(said.filter(({ done }) => done).length, CLIENTS, 'every client came to its end');
    await check(place.replace(/:\d+\//, `:${server.port}/`), said);
    assert.equal(new Set(said.flatMap(({ view }) => view ?? [])).size, 1, 'every client ends with the same view');
  }

  /** Waits for further changes, so that the next failure meets clients at work, unless all are done. */
  const more = async (heard: () => number): Promise<void> => {
    const before = heard();
    await until('the clients continue', () => heard() === Number.POSITIVE_INFINITY || heard() > before + CLIENTS);
  };

  const relayed = async (context: TestContext): Promise<{ relay: Relay; place: string }> => {
    const relay = await Relay.start(server.port);
    context.after(() => relay.end());
    return { relay, place: (await server.store()).replace(`:${server.port}/`, `:${relay.port}/`) };
  };

  it('keep every acknowledged change when the server crashes and restarts during load', async () => {
    await survives(async (heard) => {
      for (let crash = 0; crash < Math.max(2, Math.min(rounds, 20)); crash += 1) {
        await server.stop('SIGQUIT');
        await server.boot();
        await more(heard);
      }
    });
  });

  it('keep every acknowledged change when a copy of the server takes over during load', async () => {
    await survives(async (heard) => {
      await server.backup();
      await more(heard);
      await server.failOver();
      await more(heard);
    });
  });

  it('keep every acknowledged change when all connections are cut at random moments', async (context) => {
    const { relay, place } = await relayed(context);
    await survives(
      async () => {
        for (let cut = 0; cut < Math.max(5, Math.min(rounds, 100)); cut += 1) {
          await delay(Math.random() * 300);
          relay.cutAll();
        }
      },
      { place },
    );
  });

  it('keep every acknowledged change over a server that is paused', async () => {
    await survives(async (heard) => {
      server.pause();
      await delay(rounds > 1 ? 60_000 : 2_000);
      server.resume();
      await more(heard);
    });
  });

  it('agree although two of four have a clock that is 30 days off', { skip: faketime.skip }, async (context) => {
    const clocks = [MONTH_S, -MONTH_S].map((seconds) => {
      const clock = fakeClock(faketime.library, tempFolder(context));
      clock.jump(seconds);
      return clock.env;
    });
    const place = await server.store();
    await survives(async () => {}, { place, env: (at) => clocks[at] ?? process.env });
    const rows = (await server.sql(
      `select (record ->> 'created_at')::timestamptz as at from systemprompt.task
       union all select (line::json ->> 'at')::timestamptz from systemprompt.journal where line::json ->> 'at' is not null`,
    )) as { at: Date }[];
    for (const { at } of rows) assert.ok(Math.abs(Date.now() - at.getTime()) < MONTH_S * 500, `${at.toISOString()}`);
  });

  it('report a half-open connection within the limit, and continue after it', async (context) => {
    const { relay, place } = await relayed(context);
    const repository = new PostgresRepository({ url: place, answerMs: 300 });
    const store = await TaskStore.open({ folder: tempFolder(context), repository });
    context.after(() => store.close());
    await store.createTask({ title: 'before' });
    relay.silence(true);
    await assert.rejects(store.createTask({ title: 'lost' }), (error) => {
      assert.ok(TaskError.is(error, 'StoreNotWritable'));
      assert.match(error.message, /offline|not known/);
      return true;
    });
    assert.deepEqual(
      [...store.view.all()].map(({ title }) => title),
      ['before'],
      'reads use memory',
    );
    relay.silence(false);
    // The old connections stay without an answer, and new ones replace them.
    await until('the store is online', () =>
      store.createTask({ title: 'after' }).then(
        () => true,
        () => false,
      ),
    );
  });
});
