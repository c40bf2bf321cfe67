import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, describe, it, type TestContext } from 'node:test';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { check, client, type Said } from './support/clients.ts';
import { openStore } from './support/open-store.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
/** No machine is so busy that none of many clients gets a single thing done for so long. */
const STILL_MS = 120_000;

/**
 * Lets clients work until all are at their ends, then lets each tell what it sees. However long that takes: it is given
 * up only when none of them does anything any more.
 */
async function crowd(folder: string, count: number, operations: number): Promise<Said[]> {
  let [working, heard, still] = [count, 0, false];
  const clients = Array.from({ length: count }, (_, i) =>
    client(folder, `c${i}`, operations, 60_000, (said) => {
      heard += 1;
      working -= said.done === true ? 1 : 0;
      if (working === 0) for (const { child } of clients) child.stdin?.end();
    }),
  );
  let before = -1;
  const watch = setInterval(() => {
    still = heard === before;
    before = heard;
    if (still) for (const { child } of clients) child.kill('SIGKILL');
  }, STILL_MS);
  try {
    const said = (await Promise.all(clients.map((each) => each.said))).flat();
    assert.ok(!still, `nothing was done for ${STILL_MS / 1_000} s by the ${working} clients that were not done`);
    return said;
  } finally {
    clearInterval(watch);
  }
}

/** A kind of place for stores. */
interface Places {
  readonly name: string;
  readonly skip: string | false;
  /** Makes an empty store. @returns its folder or address */
  make(context: TestContext): Promise<string> | string;
}

const files: Places = { name: 'files', skip: false, make: tempFolder };
const postgres: Places & { server: PostgresServer | undefined } = {
  name: 'PostgreSQL',
  skip: await postgresOrSkip(),
  server: undefined,
  async make() {
    this.server ??= await PostgresServer.start();
    return this.server.store();
  },
};
after(() => postgres.server?.end());

const fresh = { compactAt: 60_000, watch: false };

for (const places of [files, postgres]) {
  const { name, skip } = places;
  describe(`many processes on one store in ${name} (G3)`, { skip }, () => {
    it('16 at once lose no task, assign each number once and end with the same view', async (context) => {
      const place = await places.make(context);
      const watcher = await openStore(place, { ...fresh, watch: true });
      context.after(() => watcher.close());
      const said = await crowd(place, 16, rounds > 1 ? 500 : places === files ? 120 : 30);
      assert.equal(said.filter((s) => s.done).length, 16, 'every client came to its end');
      await check(place, said);
      await watcher.refresh();
      const reader = await openStore(place, fresh);
      context.after(() => reader.close());
      const seen = [...reader.view.all()].toSorted((a, b) => a.number - b.number);
      assert.deepEqual(
        [...watcher.view.all()].toSorted((a, b) => a.number - b.number),
        seen,
      );
      const view = createHash('sha256').update(JSON.stringify(seen)).digest('hex');
      const views = said.flatMap((s) => s.view ?? []);
      assert.equal(views.length, 16);
      assert.deepEqual([...new Set(views)], [view], 'every client sees what a fresh reading sees');
    });
  });

  describe(`killed processes of a store in ${name} (G1, G2, G6, G7)`, { skip }, () => {
    it('lose no acknowledged change and block no other process after kill -9 at random moments', async (context) => {
      const place = await places.make(context);
      const kills = rounds > 1 ? 500 : places === files ? 24 : 8;
      const said: Said[] = [];
      for (let killed = 0; killed < kills; ) {
        const clients = Array.from({ length: 4 }, (_, i) => client(place, `k${killed}-${i}`, 10_000, 30_000));
        // All four are at work when the first of them dies.
        await Promise.all(
          clients.map(({ child }) => new Promise((resolve) => child.stdout?.once('readable', resolve))),
        );
        for (const { child } of clients) {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
          child.kill('SIGKILL');
          killed += 1;
        }
        for (const c of clients) said.push(...(await c.said));
        await check(place, said);
      }
      assert.ok(
        said.some((s) => s.created !== undefined),
        'the clients came to do something',
      );
    });
  });
}
