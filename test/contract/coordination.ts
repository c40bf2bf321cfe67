import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Coordination, LockOwner } from '../../src/store/ports.ts';
import { until } from '../support/temp-folder.ts';

export const owner: LockOwner = { own: () => ({ pid: process.pid }), state: () => 'alive' };

/** What every coordination must do. */
export function coordinationContract(
  name: string,
  make: (context: TestContext) => Coordination | Promise<Coordination>,
): void {
  describe(`coordination contract: ${name}`, () => {
    it('keeps a text per kind and key until it is removed', async (context) => {
      const shared = await make(context);
      assert.equal(await shared.read('queue', 'queue'), undefined);
      const keys = async (): Promise<string[]> => (await shared.entries('workers')).map(({ key }) => key).sort();
      assert.deepEqual(await keys(), []);
      await shared.write('workers', 'w1', 'one');
      await shared.write('workers', 'w2', 'two');
      await shared.write('homes', 'w1', '');
      await shared.write('workers', 'w1', 'three');
      assert.deepEqual(
        [await shared.read('workers', 'w1'), await shared.read('workers', 'w2'), await shared.read('homes', 'w1')],
        ['three', 'two', ''],
      );
      await shared.write('workers', 'w3', 'four');
      const entries = (await shared.entries('workers')).map(({ key, text }) => `${key} ${text}`);
      assert.deepEqual(entries.sort(), ['w1 three', 'w2 two', 'w3 four']);
      await shared.remove('workers', ['w1', 'w3', 'never']);
      await shared.remove('workers', ['never']);
      assert.deepEqual(await keys(), ['w2']);
      assert.equal(await shared.read('homes', 'w1'), '');
      assert.equal(await shared.exists(), true);
    });

    it('knows how long ago a text was written', async (context) => {
      const shared = await make(context);
      const age = async (): Promise<number> => (await shared.entries('workers'))[0]?.age ?? Number.NaN;
      await shared.write('workers', 'w1', 'one');
      await new Promise((resolve) => setTimeout(resolve, 60));
      const before = await age();
      assert.ok(before >= 50 && before < 60_000, String(before));
      await shared.write('workers', 'w1', 'one');
      assert.ok((await age()) < before);
    });

    it('reports a change of the watched kind until the watch is disposed', async (context) => {
      const shared = await make(context);
      await shared.write('queue', 'queue', 'a');
      let changes = 0;
      const watch = shared.watch('queue', () => {
        changes += 1;
      });
      context.after(() => watch.dispose());
      await shared.write('queue', 'queue', 'b');
      await until('the change is reported', () => changes > 0);
      watch.dispose();
      changes = 0;
      await shared.write('queue', 'queue', 'c');
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(changes, 0);
    });

    it('replaces a shared text only while it is the expected one', async (context) => {
      const { settings } = await make(context);
      assert.equal(await settings.read(), undefined);
      await settings.exclusively(owner, async () => {
        assert.equal(await settings.replace(undefined, 'a'), true);
        assert.equal(await settings.replace(undefined, 'b'), false);
        assert.equal(await settings.replace('a', 'c'), true);
      });
      assert.equal(await settings.read(), 'c');
    });

    it('runs exclusive actions one after the other, also after a failed one', async (context) => {
      const { confirmations } = await make(context);
      await assert.rejects(
        confirmations.exclusively(owner, () => Promise.reject(new Error('no'))),
        /no/,
      );
      let inside = 0;
      const add = (): Promise<void> =>
        confirmations.exclusively(owner, async () => {
          inside += 1;
          assert.equal(inside, 1, 'one at a time');
          const before = await confirmations.read();
          await new Promise((resolve) => setImmediate(resolve));
          assert.equal(await confirmations.replace(before, `${before ?? ''}x`), true);
          inside -= 1;
        });
      await Promise.all([add(), add(), add()]);
      assert.equal(await confirmations.read(), 'xxx');
    });
  });
}
