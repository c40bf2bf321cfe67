import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const at = '2026-01-01T00:00:00.000Z';
const state = (folder: string, ...parts: string[]): string => join(folder, '.systemprompt', 'state', ...parts);

async function open(context: TestContext, folder: string, compactAt?: number): Promise<TaskStore> {
  const options = { folder, logger: silentLogger, watch: false };
  const repository = new FileRepository(compactAt === undefined ? options : { ...options, compactAt });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

/** Appends a line without a signature to the journal, as a pulled segment has it. */
function appendForeign(folder: string, ops: readonly object[]): void {
  const segment = readdirSync(state(folder, 'journal')).sort().at(-1) ?? '';
  const file = state(folder, 'journal', segment);
  const text = readFileSync(file, 'utf8');
  const line = { v: 1, tx: 'tx_x', at, by: 'elsewhere:1', name: 'task.delete', ops, gen: Number.parseInt(segment, 10) };
  writeFileSync(file, `${text}${JSON.stringify({ ...line, after: text.length, next: 9, batch: 'x', index: 0 })}\n`);
}

async function storeOf(context: TestContext, ...titles: string[]): Promise<{ folder: string; ids: string[] }> {
  const folder = tempFolder(context);
  const store = await open(context, folder);
  const ids: string[] = [];
  for (const title of titles) ids.push((await store.createTask({ title })).id);
  await store.close();
  return { folder, ids };
}

describe('a journal line that this store did not write', () => {
  it('is reported in few words, however many deletions it has', async (context) => {
    const { folder, ids } = await storeOf(context, 'Mine');
    const ops = Array.from({ length: 500 }, () => ({ op: 'delete', id: ids[0] }));
    appendForeign(folder, ops);
    const store = await open(context, folder);
    assert.equal(store.view.size, 1);
    assert.equal(store.problems.length, 21);
    assert.match(store.problems.at(-1) ?? '', /^480 more deletions did not come through this store/);
  });

  for (const extra of [{}, { archived: 'token' }]) {
    const name = 'archived' in extra ? 'archives' : 'deletes';
    it(`${name} nothing, and is reported`, async (context) => {
      const { folder, ids } = await storeOf(context, 'Mine', 'Also mine');
      appendForeign(
        folder,
        ids.slice(0, 1).map((id) => ({ op: 'delete', id, ...extra })),
      );
      const store = await open(context, folder);
      assert.deepEqual([...store.view.all()].map(({ title }) => title).sort(), ['Also mine', 'Mine']);
      assert.match(
        store.problems.join('\n'),
        /A deletion of #1 "Mine" .* did not come through this store\. It was ignored\./,
      );
      const log = await store.getLogs('1');
      assert.equal(log.entries.length, 1, 'its log is there');
      await store.close();
      const compacting = await open(context, folder, 1);
      await compacting.updateTask('2', { title: 'Changed' });
      await compacting.close();
      const last = await open(context, folder);
      assert.equal(last.view.size, 2, 'also after a compaction');
      assert.equal((await last.getLogs('1')).entries.length, 1);
    });
  }

  it('deletes nothing while the store is open', async (context) => {
    const { folder, ids } = await storeOf(context, 'Mine');
    const store = await open(context, folder);
    const deleted: string[] = [];
    store.on('task:deleted', ({ taskId }) => deleted.push(taskId));
    appendForeign(folder, [{ op: 'delete', id: ids[0] }]);
    await store.refresh();
    assert.deepEqual([store.view.size, deleted], [1, []]);
    assert.equal(store.problems.length, 1);
  });

  it('does not keep the store from deleting its own tasks', async (context) => {
    const { folder, ids } = await storeOf(context, 'Mine');
    appendForeign(folder, [{ op: 'delete', id: ids[0] }]);
    const store = await open(context, folder);
    assert.equal(await store.deleteTask('1'), true);
    await store.close();
    assert.equal((await open(context, folder)).view.size, 0);
  });
});

describe('a file in the archive', () => {
  async function archived(context: TestContext): Promise<{ folder: string; file: string; record: TaskRecord }> {
    const { folder } = await storeOf(context, 'Mine');
    const store = await open(context, folder);
    await store.updateTask('1', { status: 'cancelled' });
    await store.archive.add(['1']);
    await store.close();
    // The journal no longer knows the task.
    const compacting = await open(context, folder, 1);
    await compacting.createTask({ title: 'Other' });
    await until('the journal is compacted', () => !existsSync(state(folder, 'journal', '00000001.jsonl')));
    await compacting.close();
    const name = readdirSync(state(folder, 'archive')).find((each) => each.endsWith('.json')) ?? '';
    const file = state(folder, 'archive', name);
    return { folder, file, record: JSON.parse(readFileSync(file, 'utf8')) as TaskRecord };
  }

  it('is restored unchanged if the store wrote it', async (context) => {
    const { folder } = await archived(context);
    const task = await (await open(context, folder)).archive.find('1');
    assert.deepEqual([task?.status, task?.from_outside], ['cancelled', undefined]);
  });

  for (const change of [
    { status: 'pending', queued_at: at },
    { status: 'in_progress', lease: { worker: 'w', host: 'h', pid: 1, started: 'x', expires_at: at } },
    { title: 'Another' },
  ]) {
    it(`is restored as a task from outside if the store did not write it: ${JSON.stringify(change)}`, async (context) => {
      const { folder, file, record } = await archived(context);
      writeFileSync(file, JSON.stringify({ ...record, ...change }));
      const store = await open(context, folder);
      assert.equal((await store.archive.find('1'))?.from_outside, true);
      await store.archive.restore(['1']);
      const task = store.view.byNumber(1);
      assert.deepEqual(
        [task?.from_outside, task?.queued_at, task?.lease, task?.approvals],
        [true, undefined, undefined, []],
      );
      assert.notEqual(task?.status, 'in_progress');
    });
  }

  it('does not complete a dependency if the store did not write it', async (context) => {
    const { folder, file, record } = await archived(context);
    writeFileSync(file, JSON.stringify({ ...record, status: 'completed' }));
    const store = await open(context, folder);
    const waiting = await store.createTask({ title: 'Waits' });
    await store.transact('test', (draft) => draft.patch(waiting.id, { depends_on: [record.id] }));
    await store.close();
    assert.equal((await open(context, folder)).view.dependency(record.id), undefined);
  });
});
