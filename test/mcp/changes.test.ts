import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { Coalescer } from '../../src/mcp/changes/coalescer.ts';
import { until } from '../support/temp-folder.ts';
import { type Generation, generations, mcpBench } from './bench.ts';

/** Subscribes as the generation of the client does, and collects what it is notified of. */
async function follow(client: Client, generation: Generation, uris: string[]): Promise<string[]> {
  const seen: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => void seen.push(uri));
  client.setNotificationHandler('notifications/resources/list_changed', () => void seen.push('list_changed'));
  if (generation === '2026-07-28') await client.listen({ resourceSubscriptions: uris, resourcesListChanged: true });
  else for (const uri of uris) await client.subscribeResource({ uri });
  return seen;
}

describe('notifications', () => {
  for (const generation of generations) {
    it(`follow creating, changing, logging and deleting a task (F6, F100, F101, ${generation})`, async (context) => {
      const { connect, store } = await mcpBench(context);
      const { id } = await store.createTask({ title: 'One' });
      const client = await connect({ generation });
      const seen = await follow(client, generation, [`task://${id}`, 'task://1/logs', 'task://list']);
      const sees = (what: string): Promise<void> => until(what, () => seen.splice(0).includes(what));
      await store.updateTask(id, { priority: 'high' });
      await sees(`task://${id}`);
      await store.addLog(id, 'A line');
      await sees('task://1/logs');
      await store.createTask({ title: 'Two' });
      await sees('list_changed');
      await store.updateTask(id, { title: 'Uno' });
      await sees('list_changed');
      await store.deleteTask(id);
      await sees(`task://${id}`);
      assert.deepEqual(
        seen.filter((uri) => !['list_changed', `task://${id}`, 'task://1/logs', 'task://list'].includes(uri)),
        [],
        'nothing that nobody subscribed to',
      );
    });
  }

  it('stop after the client ended its subscription', async (context) => {
    const { connect, store } = await mcpBench(context);
    const { id } = await store.createTask({ title: 'One' });
    const client = await connect({ generation: '2025-11-25' });
    const seen = await follow(client, '2025-11-25', [`task://${id}`, 'task://stats']);
    await client.unsubscribeResource({ uri: `task://${id}` });
    await store.updateTask(id, { priority: 'high' });
    await until('the other one is notified', () => seen.includes('task://stats'));
    assert.ok(!seen.includes(`task://${id}`));
  });

  it('stay few and need no memory when 10,000 lines are logged with three subscribers', async (context) => {
    const { connect, store } = await mcpBench(context);
    const { id } = await store.createTask({ title: 'One' });
    const uri = `task://${id}/logs`;
    const counts = await Promise.all(
      (['2025-11-25', '2026-07-28', '2026-07-28'] as const).map(async (generation) =>
        follow(await connect({ generation }), generation, [uri]),
      ),
    );
    const began = performance.now();
    for (let batch = 0; batch < 100; batch += 1) {
      await store.appendLog(
        id,
        Array.from({ length: 100 }, (_, line) => ({ message: `line ${batch * 100 + line}` })),
      );
    }
    const seconds = (performance.now() - began) / 1_000;
    // The last change is notified as well.
    await until('each is notified', () => counts.every((seen) => seen.length > 0));
    for (const seen of counts) {
      assert.ok(seen.length <= 5 * seconds + 2, `${seen.length} notifications in ${seconds.toFixed(1)} s`);
    }
    context.diagnostic(
      `10,000 lines in ${seconds.toFixed(2)} s: ${counts.map((seen) => seen.length).join(', ')} notifications`,
    );
  });
});

describe('the coalescer', () => {
  /** Timers that a test fires. */
  function clock(): { fire(): void; set(action: () => void): object; clear(timer: unknown): void } {
    let timers: { action: () => void }[] = [];
    return {
      set(action) {
        const timer = { action };
        timers.push(timer);
        return timer;
      },
      clear(timer) {
        timers = timers.filter((each) => each !== timer);
      },
      fire() {
        for (const { action } of timers.splice(0)) action();
      },
    };
  }
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('sends the first change at once and the later ones as one', async () => {
    const timers = clock();
    const sent: string[] = [];
    const coalescer = new Coalescer(async (key) => void sent.push(key), 200, timers);
    for (let change = 0; change < 100; change += 1) coalescer.changed('a');
    coalescer.changed('b');
    assert.deepEqual(sent, ['a', 'b']);
    timers.fire();
    await settled();
    assert.deepEqual(sent, ['a', 'b', 'a']);
    timers.fire();
    await settled();
    assert.equal(coalescer.size, 0, 'nothing is kept of resources that rest');
  });

  it('sends nothing more to a client that does not read', async () => {
    const timers = clock();
    let sent = 0;
    const coalescer = new Coalescer(
      () => {
        sent += 1;
        return new Promise(() => {});
      },
      200,
      timers,
    );
    for (let change = 0; change < 50; change += 1) {
      coalescer.changed('a');
      timers.fire();
      await settled();
    }
    assert.equal(sent, 1);
    assert.equal(coalescer.size, 1);
  });

  it('sends nothing after its end', async () => {
    const timers = clock();
    let sent = 0;
    const coalescer = new Coalescer(
      async () => {
        sent += 1;
      },
      200,
      timers,
    );
    coalescer.changed('a');
    coalescer.changed('a');
    coalescer.dispose();
    timers.fire();
    coalescer.changed('a');
    await settled();
    assert.equal(sent, 1);
  });
});
