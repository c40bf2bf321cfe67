import assert from 'node:assert/strict';
import { constants, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { isReady } from '../../src/core/task/ready.ts';
import type { Task } from '../../src/core/task/schema.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file/disk/file-system.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

/** Flags by which a log is opened to be appended to. */
const LOG = constants.O_CREAT | constants.O_RDWR;

const state = (folder: string, ...names: string[]): string => join(folder, '.systemprompt', 'state', ...names);

async function open(context: TestContext, folder: string, fs?: FileSystem, compactAt?: number): Promise<TaskStore> {
  const repository = new FileRepository({
    folder,
    logger: silentLogger,
    watch: false,
    ...(fs === undefined ? {} : { fs }),
    ...(compactAt === undefined ? {} : { compactAt }),
  });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

async function done(store: TaskStore, title: string, extra: { dependsOn?: string[] } = {}): Promise<Task> {
  const task = await store.createTask({ title, ...extra } as never);
  await store.transact('test.done', (draft) => {
    draft.patch(task.id, { status: 'completed', completed_at: draft.at });
  });
  return task;
}

const files = (folder: string): string[] =>
  existsSync(state(folder, 'archive')) ? readdirSync(state(folder, 'archive')).filter((name) => name !== 'logs') : [];

describe('the archive', () => {
  it('removes tasks from memory and keeps them listed, found, counted and shown (F105)', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old work on login');
    await store.createTask({ title: 'New work' });
    await store.addLog(old.id, 'a line');
    const [archived] = await store.archive.add(['Old work on login']);
    assert.ok(archived?.archived_at !== undefined);
    assert.equal(store.view.size, 1);
    assert.equal(store.view.byId(old.id), undefined);
    assert.equal(await store.archive.count(), 1);
    const page = await store.listArchived({ filter: { search: 'login' } });
    assert.deepEqual([page.total, page.tasks[0]?.id, page.tasks[0]?.log_count], [1, old.id, 2]);
    assert.equal((await store.listArchived({ filter: { search: 'nothing' } })).total, 0);
    assert.equal(await store.getTask(old.id.slice(0, 9)), null);
    for (const reference of ['1', '#1', old.id, 'Old work on login']) {
      const shown = await store.getTask(reference);
      assert.equal(shown?.id, old.id, reference);
      assert.equal(shown?.logs.at(-1)?.message, 'a line');
    }
    await store.close();
    assert.deepEqual(readdirSync(state(folder, 'tasks')).length, 1);
    assert.deepEqual(readdirSync(state(folder, 'logs')), [`${store.folder && (await ids(folder))[0]}.jsonl`]);
    assert.deepEqual(files(folder), [`1-${old.id}.json`]);
    assert.equal(JSON.parse(readFileSync(state(folder, 'archive', `1-${old.id}.json`), 'utf8')).title, old.title);
    const again = await open(context, folder);
    assert.equal(again.view.size, 1);
    assert.equal((await again.getTask('1'))?.log_count, 2);
  });

  it('does not list a file whose content is nested too deeply', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const ids = [(await done(store, 'Deep')).id, (await done(store, 'Flat')).id];
    await store.archive.add(ids);
    const file = state(folder, 'archive', `1-${ids[0]}.json`);
    const deep = `"metadata": ${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"metadata": {}', deep));
    assert.deepEqual(
      (await store.listArchived()).tasks.map(({ title }) => title),
      ['Flat'],
    );
  });

  it('restores tasks with the same number, id and log', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old');
    const later = await store.createTask({ title: 'Later' });
    await store.addLog(old.id, 'a line');
    await store.archive.add([old.id]);
    const [back] = await store.archive.restore(['Old']);
    assert.deepEqual([back?.id, back?.number, back?.archived_at, back?.status], [old.id, 1, undefined, 'completed']);
    assert.deepEqual(
      [...store.view.all()].map((task) => task.id),
      [old.id, later.id],
    );
    assert.equal(await store.archive.count(), 0);
    assert.equal((await store.getTask(old.id))?.logs.at(-1)?.message, 'a line');
    await store.addLog(old.id, 'another');
    assert.equal((await store.createTask({ title: 'Next' })).number, 3);
    await store.close();
    assert.deepEqual(files(folder), []);
    const again = await open(context, folder);
    assert.equal((await again.getTask('1'))?.log_count, 3);
    assert.equal(again.view.size, 3);
  });

  it('is visible to other processes and their listeners', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const other = await TaskStore.open({ folder });
    context.after(() => other.close());
    const gone: (boolean | undefined)[] = [];
    const made: number[] = [];
    other.on('task:deleted', ({ archived }) => gone.push(archived));
    const old = await done(store, 'Old');
    await until('it is there', () => other.view.byId(old.id)?.status === 'completed');
    other.on('task:created', ({ task }) => made.push(task.number));
    await store.archive.add([old.id]);
    await until('it is gone', () => gone.length === 1);
    assert.equal(gone[0], true);
    assert.equal((await other.getTask('Old'))?.number, 1);
    await store.archive.restore([old.id]);
    await until('it is back', () => made.length === 1);
    assert.equal(other.view.byId(old.id)?.number, 1);
  });

  it('refuses unfinished tasks, and parts without their whole group', async (context) => {
    const store = await open(context, tempFolder(context));
    const parent = await done(store, 'Parent');
    const child = await store.createTask({ title: 'Child', parentId: parent.id });
    await assert.rejects(store.archive.add([child.id]), { code: 'IllegalTransition' });
    await assert.rejects(store.archive.add([parent.id]), { code: 'IllegalTransition' });
    await assert.rejects(store.archive.add(['nothing']), { code: 'TaskNotFound' });
    await store.transact('end', (draft) => void draft.patch(child.id, { status: 'cancelled' }));
    await assert.rejects(store.archive.add([parent.id, 'nothing']), { code: 'TaskNotFound' });
    assert.equal(store.view.size, 2);
    await store.archive.add([parent.id, child.id]);
    assert.equal(store.view.size, 0);
  });

  it('selects by age the tasks that ended before a time, in whole groups', async (context) => {
    const store = await open(context, tempFolder(context));
    const old = await done(store, 'Old');
    const family = await done(store, 'Family');
    await store.createTask({ title: 'Child that goes on', parentId: family.id });
    const moment = new Date(Date.now() + 1_000).toISOString();
    assert.deepEqual(await store.archive.addEndedBy(new Date(Date.now() - 60_000).toISOString()), []);
    assert.deepEqual((await store.archive.addEndedBy(moment, true)).length, 1);
    assert.equal(store.view.size, 3);
    assert.deepEqual(
      (await store.archive.addEndedBy(moment)).map(({ id }) => id),
      [old.id],
    );
  });

  it('keeps dependencies on an archived task satisfied, also after a reopening', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const first = await done(store, 'First');
    const second = await store.createTask({ title: 'Second', dependsOn: [first.id] });
    await store.transact('start', (draft) => {
      draft.patch(second.id, requestStart(draft.require(second.id), draft.at));
    });
    await store.archive.add([first.id]);
    const ready = (on: TaskStore): boolean => {
      const task = on.view.byId(second.id);
      return task !== undefined && isReady(task, (id) => on.view.dependency(id));
    };
    assert.ok(ready(store));
    const again = await open(context, folder);
    assert.ok(ready(again));
    await store.updateTask(second.id, { priority: 'high' });
    await again.archive.delete([first.id]);
    await store.refresh();
    assert.ok(!ready(store), 'one that is deleted is not completed any more');
  });

  it('archives the selected tasks despite concurrent changes, or not at all', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const other = await open(context, folder);
    const tasks = await Promise.all(Array.from({ length: 10 }, (_, index) => done(store, `t${index}`)));
    await other.refresh();
    await Promise.all([
      store.archive.add(tasks.map(({ id }) => id)),
      ...tasks.map(({ id }) => other.updateTask(id, { labels: ['late'] }).catch(() => undefined)),
    ]);
    await store.refresh();
    assert.equal(store.view.size, 0);
    const kept = (await store.listArchived()).tasks;
    assert.equal(kept.length, 10);
    for (const task of kept) {
      // Whatever was acknowledged before it was archived is in the archive.
      assert.equal(task.revision >= 3, task.labels.includes('late'), `${task.revision} ${task.labels}`);
    }
  });

  it('leaves no files of a deleted archived task', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old');
    await store.addLog(old.id, 'secret');
    await store.archive.add([old.id]);
    await store.archive.delete([old.id]);
    assert.equal(await store.getTask(old.id), null);
    await store.close();
    assert.deepEqual([files(folder), readdirSync(state(folder, 'archive', 'logs'))], [[], []]);
    assert.deepEqual([readdirSync(state(folder, 'logs')), readdirSync(state(folder, 'tasks'))], [[], []]);
  });
});

describe('a slow restore', () => {
  it('leaves the record of a task that another process archived again', async (context) => {
    for (let step = 0; ; step += 1) {
      const folder = tempFolder(context);
      const other = await open(context, folder);
      const old = await done(other, 'Old');
      await other.archive.add([old.id]);
      const [name = ''] = files(folder);
      const file = state(folder, 'archive', name);
      let steps = 0;
      const slow = await open(
        context,
        folder,
        pausing(file, async () => {
          // The first step reads the record that is restored.
          if (other.view.byId(old.id) === undefined) await other.refresh();
          if (other.view.byId(old.id) === undefined) return;
          steps += 1;
          if (steps === step + 1) await other.archive.add([old.id]);
        }),
      );
      await slow.archive.restore([old.id]);
      if (steps <= step) {
        assert.ok(step > 1, 'the removal has several steps');
        break;
      }
      const again = await open(context, folder);
      assert.deepEqual([again.view.size, await again.archive.count()], [0, 1], `step ${step}`);
      assert.equal((await again.getTask('Old'))?.number, 1);
    }
  });

  it('that was killed between its steps loses no record', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old');
    await store.archive.add([old.id]);
    const [name = ''] = files(folder);
    await store.close();
    renameSync(state(folder, 'archive', name), state(folder, 'archive', `${name}.removed_x`));
    const again = await open(context, folder);
    assert.deepEqual(files(folder), [name]);
    assert.equal((await again.getTask('Old'))?.number, 1);
  });
});

describe('the archive after a crash', () => {
  it('before the transaction: the task stays active, and staged files do not count', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old');
    await store.archive.add([old.id]);
    await store.archive.restore([old.id]);
    writeFileSync(state(folder, 'archive', `1-${old.id}.json.archived_x`), JSON.stringify({ ...old, title: 'stale' }));
    const again = await open(context, folder);
    assert.equal(again.view.byId(old.id)?.title, 'Old');
    assert.equal(await again.archive.count(), 0);
  });

  for (const compacted of [false, true]) {
    it(`after the transaction: the next process that ${compacted ? 'compacts' : 'opens'} completes it`, async (context) => {
      const folder = tempFolder(context);
      const store = await open(context, folder);
      const old = await done(store, 'Old');
      await store.addLog(old.id, 'a line');
      const log = readFileSync(state(folder, 'logs', `${old.id}.jsonl`));
      const other = compacted ? await open(context, folder, undefined, 1) : undefined;
      await store.archive.add([old.id]);
      await store.close();
      // As it was when the process died between the sync of the journal and all that follows.
      const [name = ''] = files(folder);
      const token = /"archived":"([^"]+)"/.exec(journal(folder))?.[1] ?? '';
      renameSync(state(folder, 'archive', name), state(folder, 'archive', `${name}.${token}`));
      writeFileSync(state(folder, 'logs', `${old.id}.jsonl`), log);
      if (other !== undefined) {
        await other.createTask({ title: 'compacts' });
        await other.close();
        assert.ok(!journal(folder).includes(token), 'the line is gone');
      }
      const again = await open(context, folder);
      assert.deepEqual(files(folder), [name]);
      assert.equal((await again.getTask('Old'))?.number, 1);
      assert.ok(!existsSync(state(folder, 'logs', `${old.id}.jsonl`)));
      assert.ok((await again.getTask('Old'))?.logs.some((entry) => entry.message === 'a line'));
    });
  }

  it('during a restore: the task exists once', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const old = await done(store, 'Old');
    await store.archive.add([old.id]);
    const [name = ''] = files(folder);
    const text = readFileSync(state(folder, 'archive', name));
    await store.archive.restore([old.id]);
    await store.close();
    writeFileSync(state(folder, 'archive', name), text);
    const again = await open(context, folder);
    assert.deepEqual([again.view.size, await again.archive.count(), files(folder)], [1, 0, []]);
  });

  it('at any step: the task is in one place with its whole log, and the store opens', async (context) => {
    for (let step = 0; ; step += 1) {
      const folder = tempFolder(context);
      const store = await open(context, folder);
      const old = await done(store, 'Old');
      await store.addLog(old.id, 'a line');
      await store.close();
      const { fs, steps } = failingFrom(step);
      const failing = await open(context, folder, fs);
      const outcome = await failing.archive.add([old.id]).then(
        () => 'archived',
        () => 'failed',
      );
      await failing.close().catch(() => {});
      const again = await open(context, folder);
      const places = Number(again.view.byId(old.id) !== undefined) + (await again.archive.count());
      assert.equal(places, 1, `step ${step}`);
      const task = await again.getTask('Old');
      assert.ok(
        task?.logs.some((entry) => entry.message === 'a line'),
        `step ${step}`,
      );
      if (outcome === 'archived' && steps() <= step) break;
      assert.ok(step < 200);
    }
  });
});

function journal(folder: string): string {
  return readdirSync(state(folder, 'journal'))
    .map((name) => readFileSync(state(folder, 'journal', name), 'utf8'))
    .join('');
}

async function ids(folder: string): Promise<string[]> {
  return readdirSync(state(folder, 'tasks')).map((name) => name.replace('.json', ''));
}

/** A file system that calls back before each step with a file. */
function pausing(file: string, before: () => Promise<void>): FileSystem {
  const paused = Object.fromEntries(
    (['rename', 'rm', 'lstat', 'readFile'] as const).map((name) => [
      name,
      async (...args: never[]) => {
        if (args[0] === file) await before();
        return (nodeFileSystem[name] as (...all: never[]) => Promise<unknown>)(...args);
      },
    ]),
  );
  return { ...nodeFileSystem, ...paused } as FileSystem;
}

/** A file system that dies at a step of writing: nothing is written from then on. */
function failingFrom(step: number): { fs: FileSystem; steps: () => number } {
  let steps = 0;
  const dies = (): void => {
    steps += 1;
    if (steps > step) throw Object.assign(new Error('died'), { code: 'EIO' });
  };
  const guarded = Object.fromEntries(
    (['rename', 'link', 'unlink', 'rm', 'mkdir', 'writeFile'] as const).map((name) => [
      name,
      async (...args: never[]) => {
        dies();
        return (nodeFileSystem[name] as (...all: never[]) => Promise<unknown>)(...args);
      },
    ]),
  );
  const fs = {
    ...nodeFileSystem,
    ...guarded,
    open: async (...args: Parameters<FileSystem['open']>) => {
      if (args[1] === 'w' || args[1] === 'a' || (typeof args[1] === 'number' && (args[1] & LOG) === LOG)) dies();
      return nodeFileSystem.open(...args);
    },
  } as FileSystem;
  return { fs, steps: () => steps };
}
