import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { silentLogger } from '../../src/core/logger.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const state = (folder: string, ...names: string[]): string => join(folder, '.systemprompt', 'state', ...names);
const fileOf = (folder: string, id: string): string => state(folder, 'tasks', `${id}.json`);

async function open(context: TestContext, folder: string, watch = false, compactAt?: number): Promise<TaskStore> {
  const options = compactAt === undefined ? {} : { compactAt };
  const repository = new FileRepository({ folder, logger: silentLogger, watch, ...options });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

/** Saves a file as an editor does. `how`: in its place, or by a rename over it. */
function edit(
  folder: string,
  id: string,
  change: Record<string, unknown>,
  how: 'in place' | 'renamed' = 'in place',
): void {
  const file = fileOf(folder, id);
  const record = { ...JSON.parse(readFileSync(file, 'utf8')), ...change };
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const target = how === 'in place' ? file : `${file}.tmp`;
  writeFileSync(target, text);
  if (target !== file) renameSync(target, file);
}

const quarantined = (folder: string): string[] =>
  existsSync(state(folder, 'quarantine')) ? readdirSync(state(folder, 'quarantine')) : [];

describe('a manually edited task file', () => {
  for (const how of ['in place', 'renamed'] as const) {
    it(`is read while the store is open, saved ${how}, and reported in all processes`, async (context) => {
      const folder = tempFolder(context);
      const [watching, other] = [await open(context, folder, true), await open(context, folder, true)];
      const seen: string[] = [];
      for (const store of [watching, other]) {
        store.on('task:updated', ({ updates }) => seen.push(Object.keys(updates).join()));
      }
      const { id } = await watching.createTask({ title: 'First', priority: 'low' });
      await until('it is on disk', () => existsSync(fileOf(folder, id)));
      await setTimeout(400);
      edit(folder, id, { title: 'By hand', priority: 'high', notes: 'mine' }, how);
      await until('both have it', () => [watching, other].every((store) => store.view.byId(id)?.title === 'By hand'));
      await until('both have told of it', () => seen.length >= 2);
      assert.deepEqual(seen, [
        'title,priority,description,notes,from_outside,history',
        'title,priority,description,notes,from_outside,history',
      ]);
      assert.deepEqual([watching.view.byId(id)?.revision, watching.view.byId(id)?.priority], [2, 'high']);
      await until('its log says so', async () =>
        (await watching.getTaskLogs(id)).some(({ message }) => message.includes('title, priority, notes')),
      );
      await Promise.all([watching.close(), other.close()]);
      const again = await open(context, folder);
      assert.deepEqual({ ...(await again.getTask(id)), notes: 'mine' }, await again.getTask(id));
      assert.equal(again.view.byId(id)?.revision, 2, 'it is taken over once');
      assert.deepEqual(quarantined(folder), []);
    });
  }

  it('is read before the store writes the file again, even without a watcher', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const { id } = await store.createTask({ title: 'First' });
    await until('it is on disk', () => existsSync(fileOf(folder, id)));
    edit(folder, id, { title: 'By hand' });
    await store.updateTask(id, { priority: 'critical' });
    await until('it is picked up', () => store.view.byId(id)?.title === 'By hand');
    await store.close();
    const kept = JSON.parse(readFileSync(fileOf(folder, id), 'utf8'));
    assert.deepEqual([kept.title, kept.priority, kept.revision], ['By hand', 'critical', 3]);
  });

  it('is taken while a worker renews its lease', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const { id } = await store.createTask({ title: 'First' });
    const renew = async (minute: number): Promise<void> => {
      const expires_at = new Date(Date.now() + minute * 60_000).toISOString();
      const lease = { worker: 'worker_1', host: 'here', pid: 1, started: '1', expires_at };
      await store.transact('worker.renew', (draft) => void draft.patch(id, { lease }));
    };
    await until('it is on disk', () => existsSync(fileOf(folder, id)));
    const onDisk = (): TaskRecord => JSON.parse(readFileSync(fileOf(folder, id), 'utf8'));
    await renew(1);
    await until('the lease is on disk', () => onDisk().lease !== undefined);
    const { lease: read } = onDisk();
    await renew(2);
    await renew(3);
    const held = store.view.byId(id)?.lease;
    await until('the last renewal is on disk', () => onDisk().lease?.renewal === 2);
    edit(folder, id, { title: 'By hand', lease: read });
    await store.updateTask(id, { priority: 'critical' });
    await until('it is picked up', () => store.view.byId(id)?.title === 'By hand');
    assert.deepEqual(store.view.byId(id)?.lease, held, 'the worker keeps its latest lease');
    assert.deepEqual(quarantined(folder), []);
  });

  it('is read by a compaction that has to write it', async (context) => {
    const folder = tempFolder(context);
    const first = await open(context, folder);
    const { id } = await first.createTask({ title: 'First' });
    await first.close();
    const store = await open(context, folder, false, 1);
    edit(folder, id, { title: 'By hand' });
    await store.createTask({ title: 'compacts' });
    await store.close();
    const again = await open(context, folder);
    assert.equal(again.view.byId(id)?.title, 'By hand');
    assert.deepEqual(again.problems, []);
  });

  it('is read at the next opening if the store was closed, also by stores that were open', async (context) => {
    const folder = tempFolder(context);
    for (const compactAt of [undefined, 1]) {
      const first = await open(context, folder, false, compactAt);
      const { id } = await first.createTask({ title: `First ${compactAt}` });
      await first.updateTask(id, { labels: ['x'] });
      await first.close();
      const other = await open(context, folder);
      edit(folder, id, { title: `By hand ${compactAt}` });
      const second = await open(context, folder);
      assert.equal(second.view.byId(id)?.title, `By hand ${compactAt}`);
      assert.equal(second.view.byId(id)?.revision, 3);
      await other.refresh();
      assert.deepEqual([...other.view.all()], [...second.view.all()]);
      await second.close();
      const third = await open(context, folder);
      assert.equal(third.view.byId(id)?.revision, 3, 'once');
      assert.deepEqual(third.problems, []);
      await Promise.all([third.close(), other.close()]);
    }
  });

  it('is merged with concurrent changes of other fields', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const { id } = await store.createTask({ title: 'First' });
    await until('it is on disk', () => existsSync(fileOf(folder, id)));
    const old = JSON.parse(readFileSync(fileOf(folder, id), 'utf8'));
    await store.updateTask(id, { labels: ['by others'] });
    await until('that is on disk', () => readFileSync(fileOf(folder, id), 'utf8').includes('by others'));
    writeFileSync(fileOf(folder, id), JSON.stringify({ ...old, title: 'By hand' }));
    await store.updateTask(id, { priority: 'high' });
    await store.close();
    const again = await open(context, folder);
    const task = again.view.byId(id);
    assert.deepEqual([task?.title, task?.labels, task?.priority], ['By hand', ['by others'], 'high']);
  });

  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['a status', { status: 'completed_active' }, /status cannot be changed/],
    ['a field of the machine', { active_ms: 5 }, /active_ms cannot be changed/],
    ['its number', { number: 77 }, /number cannot be changed/],
    ['its revision', { revision: 500 }, /revision was changed/],
    ['a wrong type', { labels: 'none' }, /labels/],
    ['fewer approvals', { constraints: { approvals: 'none' } }, /a limit was raised/],
    ['a dependency on itself', { depends_on: ['ID'] }, /cannot depend on itself/],
    ['no title', { title: '' }, /title/],
  ];
  for (const [what, change, reason] of refused) {
    it(`is moved to quarantine with the reason: ${what}`, async (context) => {
      const folder = tempFolder(context);
      const store = await open(context, folder);
      const { id } = await store.createTask({ title: 'First' });
      await until('it is on disk', () => existsSync(fileOf(folder, id)));
      edit(folder, id, JSON.parse(JSON.stringify(change).replace('ID', id)));
      const edited = readFileSync(fileOf(folder, id), 'utf8');
      await store.updateTask(id, { priority: 'high' });
      await store.close();
      const [name, why] = quarantined(folder).toSorted((a, b) => a.length - b.length);
      assert.equal(readFileSync(state(folder, 'quarantine', name ?? ''), 'utf8'), edited);
      assert.match(readFileSync(state(folder, 'quarantine', why ?? ''), 'utf8'), reason);
      assert.match(store.problems.join(), reason);
      const again = await open(context, folder);
      assert.deepEqual([again.view.byId(id)?.title, again.view.byId(id)?.priority], ['First', 'high']);
      assert.deepEqual([again.view.size, again.problems], [1, []]);
    });
  }

  it('is awaited while it is half saved, moved to quarantine if it stays invalid, and the task remains', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder, true);
    const { id } = await store.createTask({ title: 'First' });
    const file = fileOf(folder, id);
    await until('it is on disk', () => existsSync(file));
    const text = readFileSync(file, 'utf8').replace('"First"', '"By hand"');
    writeFileSync(file, text.slice(0, 100));
    await setTimeout(200);
    writeFileSync(file, text);
    await until('it is picked up', () => store.view.byId(id)?.title === 'By hand');
    assert.deepEqual(quarantined(folder), []);
    await setTimeout(200);
    writeFileSync(file, text.slice(0, 100));
    await until('it is put aside', () => quarantined(folder).length === 2);
    await until('it is there again', () => existsSync(file));
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).title, 'By hand');
    assert.equal(store.view.byId(id)?.title, 'By hand');
  });

  it('is moved to quarantine if it is an unchanged file of another task, and the task remains', async (context) => {
    const folder = tempFolder(context);
    const before = await open(context, folder);
    const [one, other] = [await before.createTask({ title: 'One' }), await before.createTask({ title: 'Other' })];
    const [file, foreign] = [fileOf(folder, one.id), fileOf(folder, other.id)];
    await before.close();
    const store = await open(context, folder, true);
    writeFileSync(file, readFileSync(foreign));
    await until('it is put aside', () => quarantined(folder).length === 2);
    await until('it is there again', () => existsSync(file));
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).title, 'One');
    assert.deepEqual([store.view.byId(one.id)?.title, store.view.size], ['One', 2]);
  });

  it('is written again if it was removed, because only a deletion deletes', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder, true);
    const { id } = await store.createTask({ title: 'First' });
    await until('it is on disk', () => existsSync(fileOf(folder, id)));
    await setTimeout(300);
    rmSync(fileOf(folder, id));
    await until('it is back', () => existsSync(fileOf(folder, id)));
    assert.ok(await store.deleteTask(id));
    await until('it is gone', () => !existsSync(fileOf(folder, id)));
    await setTimeout(300);
    assert.ok(!existsSync(fileOf(folder, id)));
  });

  it('becomes a task if it is new', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder, true);
    const { id } = await store.createTask({ title: 'First' });
    await until('it is on disk', () => existsSync(fileOf(folder, id)));
    // Long enough for the watching of a folder that has just come to be.
    await setTimeout(400);
    const record = JSON.parse(readFileSync(fileOf(folder, id), 'utf8'));
    writeFileSync(fileOf(folder, 'copied'), JSON.stringify({ ...record, id: 'copied', number: 7, title: 'Copied' }));
    await until('it is a task', () => store.view.byId('copied')?.number === 7);
    assert.equal((await store.createTask({ title: 'next' })).number, 8);
    writeFileSync(fileOf(folder, 'again'), JSON.stringify({ ...record, id: 'again', title: 'Number taken' }));
    await until('it is put aside', () => quarantined(folder).length === 2);
    assert.equal(store.view.byId('again'), undefined);
  });

  it('is left unchanged if only its formatting differs', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const { id } = await store.createTask({ title: 'First' });
    await store.close();
    const text = readFileSync(fileOf(folder, id), 'utf8').replaceAll('\n', '\r\n');
    writeFileSync(fileOf(folder, id), text);
    const again = await open(context, folder);
    assert.deepEqual([again.view.byId(id)?.revision, again.problems], [1, []]);
    await again.updateTask(id, { title: 'Second' });
    await again.close();
    assert.equal(JSON.parse(readFileSync(fileOf(folder, id), 'utf8')).title, 'Second');
  });
});
