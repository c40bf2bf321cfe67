import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeQueue } from '../../src/runtime/queue/queue-state.ts';
import { coordinationOf } from '../../src/store/coordination.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A store with a task, and one that has only read it, as another process has it. */
async function stores(context: TestContext): Promise<{ folder: string; id: string; both: TaskStore[] }> {
  const folder = tempFolder(context);
  const writer = await TaskStore.open({ folder, watch: false });
  const { id } = await writer.createTask({ title: 'before' });
  const reader = await TaskStore.open({ folder, watch: false });
  for (const store of [writer, reader]) context.after(() => store.close());
  return { folder, id, both: [writer, reader] };
}

const rename = (store: TaskStore, id: string): Promise<unknown> =>
  store.transact('rename', (draft) => draft.patch(draft.require(id).id, { title: 'after' }));

const goneAs = { code: 'StoreNotWritable', message: /^The change was not kept: the folder .* is gone\.$/ };

describe('a store whose folder is removed', () => {
  for (const [how, go] of [
    ['is deleted', (folder: string) => rmSync(folder, { recursive: true })],
    ['is moved away', (folder: string) => renameSync(folder, `${folder}-moved`)],
  ] as const) {
    it(`reports it and creates nothing in its place (${how})`, async (context) => {
      const { folder, id, both } = await stores(context);
      context.after(() => rmSync(`${folder}-moved`, { recursive: true, force: true }));
      go(folder);
      for (const store of both) {
        await assert.rejects(store.appendLog(id, [{ message: 'still here' }]), goneAs);
        await assert.rejects(rename(store, id), goneAs);
        await assert.rejects(store.createTask({ title: 'new' }), goneAs);
        await assert.rejects(
          store.transact('nothing', () => undefined),
          goneAs,
        );
        await store.close();
      }
      await assert.rejects(writeQueue(coordinationOf(folder), { playing: true }), { code: 'ENOENT' });
      assert.ok(!existsSync(folder));
    });
  }

  it('does not start over for a read if only the tasks were removed', async (context) => {
    const { folder, id, both } = await stores(context);
    rmSync(join(folder, '.systemprompt'), { recursive: true });
    for (const store of both) {
      await assert.rejects(store.appendLog(id, [{ message: 'still here' }]), goneAs);
      await store.transact('nothing', () => undefined);
      await assert.rejects(rename(store, id), { code: 'TaskNotFound' });
    }
    assert.ok(!existsSync(join(folder, '.systemprompt')));
    const [writer, reader] = both;
    await writer?.createTask({ title: 'new' });
    await reader?.refresh();
    assert.deepEqual(
      [...(reader?.view.all() ?? [])].map(({ title, number }) => [title, number]),
      [['new', 1]],
    );
  });
});
