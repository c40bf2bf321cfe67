import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { repositoryContract } from '../contract/repository.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

repositoryContract('files', (context) => repository(tempFolder(context)));

function repository(folder: string, compactAt?: number): FileRepository {
  return new FileRepository({
    folder,
    logger: silentLogger,
    watch: false,
    ...(compactAt === undefined ? {} : { compactAt }),
  });
}

async function open(context: TestContext, folder: string, compactAt?: number): Promise<TaskStore> {
  const store = await TaskStore.open({ folder, repository: repository(folder, compactAt) });
  context.after(() => store.close());
  return store;
}

const statePath = (folder: string, ...parts: string[]): string => join(folder, '.systemprompt', 'state', ...parts);

describe('file repository', () => {
  it('creates nothing in a folder that is only read', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    assert.deepEqual(await store.getTasks(), []);
    await store.close();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('restores every task after a reopening, with a readable file for each (F69, F72, F74–F76)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const a = await store.createTask({ title: 'First', labels: ['x'] });
    await store.updateTask(a.id, { status: 'in_progress' });
    await store.addLog(a.id, 'hello');
    await store.close();
    const text = readFileSync(statePath(folder, 'tasks', `${a.id}.json`), 'utf8');
    assert.match(text, /^\{\n {2}"schema_version": 1,\n/);
    assert.equal(JSON.parse(text).status, 'in_progress');
    const again = await open(context, folder);
    const read = await again.getTask('First');
    assert.equal(read?.status, 'in_progress');
    assert.deepEqual(read?.logs.map((entry) => entry.message).slice(-1), ['hello']);
  });

  it('emits every task once when it opens (F77)', async (context) => {
    const folder = tempFolder(context);
    const first = await open(context, folder);
    for (let i = 0; i < 5; i += 1) await first.createTask({ title: `t${i}` });
    await first.close();
    const loaded: number[] = [];
    const store = TaskStore.getInstance(folder);
    store.on('task:loaded', ({ task }) => loaded.push(task.number));
    await store.ready();
    context.after(() => store.close());
    assert.deepEqual(loaded, [1, 2, 3, 4, 5]);
  });

  it('rebuilds everything from the journal without task files', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    for (let i = 0; i < 20; i += 1) await store.createTask({ title: `t${i}` });
    await store.deleteTask('t3');
    await store.close();
    rmSync(statePath(folder, 'tasks'), { recursive: true });
    const again = await open(context, folder);
    assert.deepEqual([...again.view.all()].map((task) => task.title).length, 19);
    assert.equal((await again.createTask({ title: 'next' })).number, 21);
  });

  it('keeps the latest renewal of a lease, whether its task file or the journal has it', async (context) => {
    const folder = tempFolder(context);
    // Each of several changes is in a task file when the store is opened again, and in the journal before that.
    const compacting = [undefined, 1];
    const store = await open(context, folder);
    const { id } = await store.createTask({ title: 'Held' });
    await store.close();
    const expiries: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const again = await open(context, folder, compacting[round % 2]);
      const other = await open(context, folder);
      const expires_at = new Date(Date.now() + (round + 1) * 60_000).toISOString();
      expiries.push(expires_at);
      const lease = { worker: 'worker_1', host: 'here', pid: 1, started: '1', expires_at };
      await again.transact('worker.renew', (draft) => void draft.patch(id, { lease }));
      await other.refresh();
      assert.equal(other.view.byId(id)?.lease?.expires_at, expires_at, 'in another process');
      await other.close();
      await again.close();
    }
    const last = await open(context, folder);
    assert.deepEqual([last.view.byId(id)?.revision, last.view.byId(id)?.lease?.expires_at], [2, expiries.at(-1)]);
  });

  it('keeps the numbers if only some task files were written before a crash', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    for (let i = 1; i <= 10; i += 1) await store.createTask({ title: `t${i}` });
    const before = [...store.view.all()].map((task) => [task.number, task.id]);
    await store.close();
    for (const [number, id] of before.slice(0, 5)) if (number !== 2) rmSync(statePath(folder, 'tasks', `${id}.json`));
    const again = await open(context, folder);
    assert.deepEqual(
      [...again.view.all()].map((task) => [task.number, task.id]).toSorted((a, b) => Number(a[0]) - Number(b[0])),
      before,
    );
  });

  it('compacts the journal without losing a change, a number or a deletion', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder, 20_000);
    for (let i = 1; i <= 200; i += 1) {
      const task = await store.createTask({ title: `t${i}` });
      if (i % 3 === 0) await store.deleteTask(task.id);
      else if (i % 2 === 0) await store.updateTask(task.id, { labels: [`l${i}`] });
    }
    const before = [...store.view.all()];
    await store.close();
    const segments = readdirSync(statePath(folder, 'journal'));
    assert.equal(segments.length, 1);
    assert.notEqual(segments[0], '00000001.jsonl', 'it was compacted at least once');
    const again = await open(context, folder);
    assert.deepEqual([...again.view.all()], before);
    assert.equal((await again.createTask({ title: 'next' })).number, 201);
  });

  it('is followed by another store through compactions, with each change reported once', async (context) => {
    const folder = tempFolder(context);
    const writer = await open(context, folder, 15_000);
    const reader = await open(context, folder);
    const seen: string[] = [];
    reader.on('task:created', ({ task }) => seen.push(`${task.number}`));
    for (let i = 1; i <= 150; i += 1) {
      await writer.createTask({ title: `t${i}` });
      if (i % 10 === 0) await reader.refresh();
    }
    await reader.refresh();
    assert.deepEqual(
      seen,
      Array.from({ length: 150 }, (_, i) => `${i + 1}`),
    );
    assert.deepEqual([...reader.view.all()], [...writer.view.all()]);
  });

  it('skips a torn line and continues after it (G7)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const a = await store.createTask({ title: 'a' });
    await store.close();
    appendFileSync(statePath(folder, 'journal', '00000001.jsonl'), '{"v":1,"tx":"torn","ops":[{"op":"cre');
    appendFileSync(statePath(folder, 'logs', `${a.id}.jsonl`), '{"timestamp":"torn');
    const again = await open(context, folder);
    await again.createTask({ title: 'b' });
    await again.addLog(a.id, 'after the crash');
    await again.close();
    const third = await open(context, folder);
    assert.deepEqual(
      [...third.view.all()].map((task) => task.title),
      ['a', 'b'],
    );
    assert.deepEqual(
      (await third.getTaskLogs(a.id)).map((entry) => entry.message),
      ['Task created for CLAUDECODE', 'after the crash'],
    );
  });

  it('opens with invalid task files, moves them to quarantine and reports them (G6)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    await store.createTask({ title: 'good' });
    await store.close();
    const bad: Record<string, string> = {
      'empty.json': '',
      'truncated.json': '{"id": "truncated", "title": "x"',
      'foreign.json': '{"hello": "world"}',
      'array.json': '[]',
      'deep.json': `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      'notes.txt': 'not a task',
    };
    for (const [name, text] of Object.entries(bad)) writeFileSync(statePath(folder, 'tasks', name), text);
    const again = await open(context, folder);
    assert.deepEqual(
      [...again.view.all()].map((task) => task.title),
      ['good'],
    );
    assert.equal(again.problems.length, Object.keys(bad).length);
    const kept = readdirSync(statePath(folder, 'quarantine'));
    for (const [name, text] of Object.entries(bad)) {
      const file = kept.find((candidate) => candidate.endsWith(name));
      assert.ok(file !== undefined, name);
      assert.equal(readFileSync(statePath(folder, 'quarantine', file), 'utf8'), text);
      assert.ok(existsSync(statePath(folder, 'quarantine', `${file}.reason.txt`)));
    }
  });

  it('opens a store of a newer version read-only and reports it (G6)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    await store.createTask({ title: 'kept' });
    await store.close();
    writeFileSync(
      statePath(folder, 'state.json'),
      JSON.stringify({ schema_version: 99, generation: 1, next_number: 2 }),
    );
    const again = await open(context, folder);
    assert.equal((await again.getTasks()).length, 1);
    assert.match(again.readOnly ?? '', /newer version/);
    await assert.rejects(again.createTask({ title: 'no' }), { code: 'StoreNewer' });
  });

  it('leaves no files of a deleted task (G8)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const task = await store.createTask({ title: 'gone' });
    await store.addLog(task.id, 'secret');
    await store.deleteTask(task.id);
    await store.close();
    assert.deepEqual(readdirSync(statePath(folder, 'tasks')), []);
    assert.deepEqual(readdirSync(statePath(folder, 'logs')), []);
  });

  it('returns a next step if the folder is not writable', async (context) => {
    const folder = tempFolder(context);
    writeFileSync(join(folder, 'file'), '');
    const store = await open(context, join(folder, 'file', 'below'));
    await assert.rejects(store.createTask({ title: 'no' }), { code: 'StoreNotWritable' });
    assert.equal(store.view.size, 0);
  });

  it('is visible to a watching store, even one that started without a folder (G5)', async (context) => {
    const folder = tempFolder(context);
    const watcher = await TaskStore.open({ folder });
    context.after(() => watcher.close());
    const seen: string[] = [];
    watcher.on('task:created', ({ task }) => seen.push(task.title));
    watcher.on('task:status_changed', (event) => seen.push(`${event.old_status} > ${event.new_status}`));
    watcher.on('task:log:added', ({ entry }) => seen.push(entry.message));
    const writer = await open(context, folder);
    const task = await writer.createTask({ title: 'from elsewhere' });
    await until('the task is seen', () => seen.includes('from elsewhere'));
    await writer.updateTask(task.id, { status: 'in_progress' });
    await writer.addLog(task.id, 'a line');
    await until('all is seen', () => seen.includes('a line') && seen.length >= 5);
    assert.deepEqual(
      seen
        .filter((text) => text !== 'a line' && !text.startsWith('Task created'))
        .map((text) => text.replace(/:.*/, '')),
      ['from elsewhere', 'pending > in_progress', 'Status'],
    );
  });
});
