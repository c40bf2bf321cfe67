import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FaultyFileSystem } from './support/faulty-file-system.ts';

/** A store of one task, and what it does to the disk from then on. */
async function opened(context: TestContext) {
  const folder = tempFolder(context);
  const disk = new FaultyFileSystem(Number.POSITIVE_INFINITY, 'EIO');
  const options = { folder, logger: silentLogger, watch: false, compactAt: 1e9, fs: disk.fs };
  const store = await TaskStore.open({ folder, repository: new FileRepository(options) });
  context.after(() => store.close());
  const { id } = await store.createTask({ title: 'first' });
  disk.arm();
  const count = (step: string): number => disk.done.filter((done) => done === step).length;
  return { folder, store, disk, id, count };
}

describe('concurrent changes', () => {
  it('share one journal write and sync for all that arrived during the last one (F107)', async (context) => {
    const { store, count } = await opened(context);
    await Promise.all(Array.from({ length: 200 }, (_, i) => store.createTask({ title: `task ${i}` })));
    assert.equal(store.view.size, 201);
    // One for those that the first batch took, one for those that came meanwhile; how they fall is not the point.
    assert.ok(count('datasync') <= 10, `${count('datasync')} syncs for 200 creations`);
  });

  it('of one task cause few writes of its file, including the last change (F108)', async (context) => {
    const { folder, store, id, count } = await opened(context);
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => store.updateTask(id, { description: `${round}.${i}` })));
    }
    const task = store.view.byId(id);
    assert.equal(task?.revision, 401);
    await store.close();
    assert.ok(count('rename') <= 100, `${count('rename')} writings of the file for 400 changes`);
    const fresh = await TaskStore.open({ folder, watch: false });
    context.after(() => fresh.close());
    assert.deepEqual(fresh.view.byId(id), task);
  });

  it('are stored in the order of the calls, and each call returns after the sync (F109)', async (context) => {
    const { store, disk, id } = await opened(context);
    const answered: number[] = [];
    const changes = Array.from({ length: 50 }, async (_, i) => {
      await store.transact('add', (draft) => draft.patch(id, { description: `${draft.require(id).description} ${i}` }));
      answered.push(i);
      assert.ok(disk.done.includes('datasync'), 'not before a sync');
    });
    assert.deepEqual(answered, [], 'nobody waits for the disk who only asks');
    assert.equal(store.view.byId(id)?.description, 'first');
    await Promise.all(changes);
    assert.deepEqual(
      answered,
      [...answered].sort((a, b) => a - b),
    );
    assert.equal(store.view.byId(id)?.description, `first ${[...answered.keys()].join(' ')}`);
  });
});
