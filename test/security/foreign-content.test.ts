import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { newTaskRecord } from '../../src/core/task/create.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { readQueue, writeQueue } from '../../src/runtime/queue/queue-state.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { taskText } from '../../src/store/file/snapshots/task-text.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { hostileStates } from './data/task-files.ts';

const at = '2026-01-01T00:00:00.000Z';
const plain = {
  ...newTaskRecord({ title: 'Queued', tool: 'SHELL', instructions: 'true' }, at),
  revision: 3,
  queued_at: at,
};
const state = (folder: string, ...parts: string[]): string => join(folder, '.systemprompt', 'state', ...parts);
const segments = (folder: string): string[] => readdirSync(state(folder, 'journal')).sort();

async function open(context: TestContext, folder: string): Promise<TaskStore> {
  const repository = new FileRepository({ folder, logger: silentLogger, watch: false, compactAt: 1 });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

/** A store with one task whose journal was compacted, closed, and the record of that task. */
async function compactedStore(context: TestContext, git: boolean): Promise<{ folder: string; record: TaskRecord }> {
  const folder = tempFolder(context);
  if (git) execFileSync('git', ['init', '-q'], { cwd: folder });
  const store = await open(context, folder);
  const { id } = await store.createTask({ title: 'Mine', tool: 'SHELL', instructions: 'true' });
  await until('the journal is compacted', () => !existsSync(state(folder, 'journal', '00000001.jsonl')));
  const record = { ...store.view.byId(id) } as TaskRecord;
  await store.close();
  return { folder, record };
}

function isDraft(task: TaskRecord | undefined): void {
  assert.deepEqual(
    [task?.status, task?.queued_at, task?.lease, task?.approvals],
    ['pending', undefined, undefined, []],
  );
  assert.equal(task?.from_outside, true);
}

for (const git of [false, true]) {
  describe(`a store ${git ? 'in a repository' : 'outside of a repository'} whose journal was compacted`, () => {
    for (const [name, change] of hostileStates) {
      it(`imports a foreign task file as a draft: ${name}`, async (context) => {
        const { folder, record } = await compactedStore(context, git);
        const foreign = { ...record, id: 'task_foreign', number: 7, title: 'Foreign', ...change } as TaskRecord;
        writeFileSync(state(folder, 'tasks', 'task_foreign.json'), taskText(foreign, 1_000_000));
        const store = await open(context, folder);
        await until('it is imported', () => store.view.byId(foreign.id)?.from_outside === true);
        isDraft(store.view.byId(foreign.id));
        assert.deepEqual(store.view.byId(record.id), record);
      });
    }

    it('imports its own task as a draft when a foreign file replaces it', async (context) => {
      const { folder, record } = await compactedStore(context, git);
      const foreign = { ...record, revision: 99, queued_at: at, instructions: 'touch evil' };
      writeFileSync(state(folder, 'tasks', `${record.id}.json`), taskText(foreign, 1_000_000));
      const store = await open(context, folder);
      await until('it is imported', () => store.view.byId(record.id)?.from_outside === true);
      isDraft(store.view.byId(record.id));
    });

    it('imports tasks of foreign journal lines as drafts, once', async (context) => {
      const { folder, record } = await compactedStore(context, git);
      const last = segments(folder).at(-1) ?? '';
      const file = state(folder, 'journal', last);
      const begin = readFileSync(file, 'utf8');
      const queued = { op: 'set', id: record.id, rev: record.revision + 1, set: { queued_at: at } };
      const created = { ...record, id: 'task_foreign', title: 'Foreign', queued_at: at } as Partial<TaskRecord>;
      delete created.number;
      delete created.revision;
      const base = { v: 1, at, by: 'elsewhere:1', name: 'task.start', gen: Number.parseInt(last, 10), next: 2 };
      const lines = [
        { ...base, tx: 'tx_a', ops: [queued], after: begin.length, batch: 'a', index: 0 },
        {
          ...base,
          tx: 'tx_b',
          ops: [{ op: 'create', id: created.id, task: created }],
          after: begin.length,
          batch: 'b',
          index: 0,
        },
      ];
      // As git does it: another file in the place of the one that was there.
      rmSync(file);
      writeFileSync(file, begin + lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const store = await open(context, folder);
      await until('they are imported', () => store.view.byId('task_foreign')?.from_outside === true);
      for (const id of [record.id, 'task_foreign']) isDraft(store.view.byId(id));
      await store.close();
      const again = await open(context, folder);
      const revisions = [...again.view.all()].map(({ revision }) => revision);
      await again.close();
      const third = await open(context, folder);
      assert.deepEqual(
        [...third.view.all()].map(({ revision }) => revision),
        revisions,
      );
    });

    it('keeps its place when a foreign state.json names another segment', async (context) => {
      const { folder, record } = await compactedStore(context, git);
      const store = await open(context, folder);
      await store.updateTask(record.id, { title: 'Changed' });
      await store.close();
      writeFileSync(
        state(folder, 'state.json'),
        JSON.stringify({ schema_version: 1, generation: 900, next_number: 1 }),
      );
      const next = await open(context, folder);
      assert.equal(next.view.byId(record.id)?.title, 'Changed');
      assert.ok(segments(folder).length > 0);
    });

    it('does not play for a foreign queue file', async (context) => {
      const { folder } = await compactedStore(context, git);
      const store = await open(context, folder);
      await writeQueue(store.coordination, { playing: true, since: at });
      assert.equal((await readQueue(store.coordination)).playing, true);
      const text = readFileSync(state(folder, 'queue.json'), 'utf8');
      writeFileSync(state(folder, 'queue.json'), JSON.stringify({ playing: true, since: at }));
      assert.equal((await readQueue(store.coordination)).playing, false);
      writeFileSync(state(folder, 'queue.json'), text.replace('2026-01', '2026-02'));
      assert.equal((await readQueue(store.coordination)).playing, false);
    });

    it('trusts the changes of another process of the same store', async (context) => {
      const { folder, record } = await compactedStore(context, git);
      const [one, two] = [await open(context, folder), await open(context, folder)];
      const { id } = await one.createTask({ title: 'Second' });
      await two.refresh();
      await two.updateTask(record.id, { priority: 'high' });
      await one.close();
      await two.close();
      const third = await open(context, folder);
      assert.deepEqual([third.view.byId(id)?.approval, third.view.byId(record.id)?.approval], [undefined, undefined]);
      assert.deepEqual(third.problems, []);
    });

    it('stores its key in a file that only the user can read', async (context) => {
      const { folder } = await compactedStore(context, git);
      const place = git ? join(folder, '.git', 'systemprompt') : state(folder);
      const key = readdirSync(place).find((name) => name.endsWith('key')) ?? '';
      assert.equal(statSync(join(place, key)).mode & 0o777, 0o600);
      assert.equal(existsSync(state(folder, 'key')), !git);
    });
  });
}

describe('a store of an earlier version', () => {
  /** A store without signatures, as earlier versions wrote it. */
  function earlierStore(context: TestContext, tasks: number): string {
    const folder = tempFolder(context);
    for (const name of ['tasks', 'journal', 'logs', 'staging/1']) mkdirSync(state(folder, name), { recursive: true });
    for (let number = 1; number <= tasks; number += 1) {
      const record = { ...plain, id: `task_${number}`, number } as TaskRecord;
      writeFileSync(state(folder, 'tasks', `task_${number}.json`), taskText(record, 1_000_000));
    }
    writeFileSync(state(folder, 'journal', '00000001.jsonl'), '');
    writeFileSync(state(folder, 'state.json'), JSON.stringify({ schema_version: 1, generation: 1, next_number: 99 }));
    writeFileSync(state(folder, 'queue.json'), JSON.stringify({ playing: true }));
    return folder;
  }

  it('keeps everything when it is signed, and distrusts later unsigned changes', async (context) => {
    const folder = earlierStore(context, 3);
    const store = await open(context, folder);
    assert.equal(store.origin, 'unsigned');
    await Promise.all([store.vouch(), (await open(context, folder)).vouch()]);
    assert.equal(store.origin, 'signed');
    await store.close();
    const next = await open(context, folder);
    assert.deepEqual(
      [...next.view.all()].map(({ queued_at }) => queued_at),
      [at, at, at],
    );
    assert.equal((await readQueue(next.coordination)).playing, true);
    await next.close();
    const foreign = { ...plain, id: 'task_9', number: 9 } as TaskRecord;
    writeFileSync(state(folder, 'tasks', 'task_9.json'), taskText(foreign, 1_000_000));
    const last = await open(context, folder);
    await until('it is imported', () => last.view.byId('task_9')?.from_outside === true);
    isDraft(last.view.byId('task_9'));
  });

  it('reports the loss of its key', async (context) => {
    const { folder, record } = await compactedStore(context, false);
    rmSync(state(folder, 'key'));
    const store = await open(context, folder);
    assert.equal(store.origin, 'lost');
    assert.deepEqual(store.view.byId(record.id), record);
  });
});
