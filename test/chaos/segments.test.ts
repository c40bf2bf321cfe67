import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { TaskError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
const operations = rounds > 1 ? 400 : 80;
const clients = 6;

/** So small that a segment ends after a few changes: every step of ending and compacting meets every other. */
const compactAt = 3_000;

async function open(context: TestContext, folder: string, watch: boolean): Promise<TaskStore> {
  const repository = new FileRepository({ folder, logger: silentLogger, watch, compactAt });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

describe('frequently sealed journal segments (G3)', () => {
  it('lose no change with several stores that seal, compact and pause at once', {
    timeout: 120_000 * rounds,
  }, async (context) => {
    for (let round = 0; round < rounds; round += 1) {
      const folder = tempFolder(context);
      const counted = new Map<string, number>();
      const deleted = new Set<string>();
      const client = async (index: number): Promise<void> => {
        const store = await open(context, folder, index % 2 === 0);
        for (let i = 0; i < operations; i += 1) {
          const ids = [...store.view.all()].map((task) => task.id as string);
          const id = ids[Math.floor(Math.random() * ids.length)];
          const kind = Math.random();
          try {
            if (id === undefined || kind < 0.3) {
              const task = await store.createTask({ title: `${index}/${i}`, metadata: { count: 0 } });
              counted.set(task.id, counted.get(task.id) ?? 0);
            } else if (kind < 0.9) {
              await store.transact('count', (draft) => {
                const task = draft.require(id);
                draft.patch(task.id, { metadata: { count: Number(task.metadata['count']) + 1 } });
              });
              counted.set(id, (counted.get(id) ?? 0) + 1);
            } else if (await store.deleteTask(id)) {
              deleted.add(id);
            }
          } catch (error) {
            if (!TaskError.is(error, 'TaskNotFound')) throw error;
          }
          // The others go on over the ends of segments meanwhile; its task files are still to be written.
          if (kind > 0.96) await setTimeout(Math.random() * 150);
        }
        await store.close();
      };
      await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
      const store = await open(context, folder, false);
      assert.deepEqual(store.problems, []);
      for (const [id, count] of counted) {
        const expected = deleted.has(id) ? undefined : count;
        assert.equal(store.view.byId(id)?.metadata['count'], expected, `${id} in round ${round}`);
      }
    }
  });
});
