import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { copiesFolder, placeOfCopy } from '../../src/store/file/copy/copy-place.ts';
import { nodeFileSystem } from '../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../src/store/file/disk/layout.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

async function open(context: TestContext, folder: string, restricted = false): Promise<TaskStore> {
  const store = await TaskStore.open({ folder, watch: false, restricted });
  context.after(() => store.close());
  return store;
}

function git(folder: string, ...args: string[]): void {
  execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
}

const place = (folder: string, ending: string): string => {
  const git = join(folder, '.git', 'systemprompt');
  const name = readdirSync(git).find((each) => each.endsWith(ending));
  return name === undefined ? '' : join(git, name);
};

/** A repository whose store has a completed, a queued and a waiting task, after `git clean -fdx`. */
async function cleaned(context: TestContext): Promise<{ folder: string; ids: string[] }> {
  const folder = tempFolder(context);
  git(folder, 'init', '-q');
  const store = await open(context, folder);
  const ids: string[] = [];
  for (const title of ['Deleted', 'Done', 'Queued', 'Waits']) ids.push((await store.createTask({ title })).id);
  await store.completeTask('2', { passed: true });
  await store.transact('test', (draft) => draft.patch(ids[2] ?? '', requestStart(draft.require('3'), draft.at)));
  await store.transact('test', (draft) => draft.patch(ids[3] ?? '', { depends_on: [draft.require('3').id] }));
  await store.deleteTask('1');
  await store.close();
  git(folder, 'clean', '-fdx');
  assert.equal(existsSync(join(folder, '.systemprompt')), false);
  return { folder, ids: ids.slice(1) };
}

describe('the copy of the tasks in the git folder', () => {
  it('brings tasks back after git clean -fdx, with numbers, history and dependencies, and nothing queued', async (context) => {
    const { folder, ids } = await cleaned(context);
    const store = await open(context, folder);
    const findings = (await store.maintenance?.check()) ?? [];
    const missing = findings.find(({ code }) => code === 'tasks-missing');
    assert.match(missing?.what ?? '', /^3 tasks are in the copy/);
    assert.deepEqual(await store.maintenance?.restoreCopy(), [2, 3, 4]);
    const check = (found: TaskStore): void => {
      const tasks = ids.map((id) => found.view.byId(id));
      assert.deepEqual(
        tasks.map((task) => [task?.number, task?.status, task?.queued_at, task?.from_outside]),
        [
          [2, 'completed', undefined, undefined],
          [3, 'pending', undefined, undefined],
          [4, 'pending', undefined, undefined],
        ],
      );
      assert.deepEqual(tasks[0]?.result, { passed: true });
      assert.equal(tasks[0]?.history.at(-1)?.to, 'completed');
      assert.deepEqual(tasks[2]?.depends_on, [ids[1]]);
      assert.equal(found.view.size, 3);
    };
    check(store);
    assert.match((await store.getLogs('3')).entries[0]?.message ?? '', /^Restored from the copy of /);
    assert.deepEqual(await store.maintenance?.restoreCopy(), [], 'only once');
    await store.close();
    // The next process has nothing but the files and the journal to find the next number.
    const next = await open(context, folder);
    check(next);
    assert.equal((await next.createTask({ title: 'Next' })).number, 5);
    await next.deleteTask('5');
    await next.close();
    const again = await open(context, folder);
    check(again);
    assert.deepEqual(await again.maintenance?.check(), []);
  });

  it('is kept while a new store writes its own, and changes no task that is there', async (context) => {
    const { folder, ids } = await cleaned(context);
    const fresh = await open(context, folder);
    for (const title of ['New', 'Newer']) await fresh.createTask({ title });
    await fresh.close();
    const store = await open(context, folder);
    const codes = ((await store.maintenance?.check()) ?? []).map(({ code }) => code);
    assert.deepEqual(codes, ['tasks-missing']);
    assert.deepEqual(await store.maintenance?.restoreCopy(), [3, 4, 5]);
    assert.deepEqual([store.view.byNumber(2)?.title, store.view.byId(ids[0] ?? '')?.title], ['Newer', 'Done']);
    await store.close();
    assert.deepEqual(await (await open(context, folder)).maintenance?.check(), []);
  });

  it('is kept while a store that was open all the time writes on', async (context) => {
    const { folder, ids } = await cleaned(context);
    const fresh = await open(context, folder);
    await fresh.maintenance?.restoreCopy();
    git(folder, 'clean', '-fdx');
    await fresh.refresh();
    await fresh.createTask({ title: 'New' });
    await fresh.close();
    const store = await open(context, folder);
    assert.equal(store.view.size, 1);
    await store.maintenance?.restoreCopy();
    assert.deepEqual(
      ids.map((id) => store.view.byId(id)?.status),
      ['completed', 'pending', 'pending'],
    );
  });

  it('has no deleted task, and is for the person alone', async (context) => {
    const { folder } = await cleaned(context);
    const file = place(folder, '.tasks');
    assert.doesNotMatch(readFileSync(file, 'utf8'), /Deleted/);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('does not count if another program changed it', async (context) => {
    const { folder } = await cleaned(context);
    const file = place(folder, '.tasks');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Queued', 'Quoted'));
    const store = await open(context, folder);
    assert.deepEqual(await store.maintenance?.check(), []);
    assert.deepEqual(await store.maintenance?.restoreCopy(), []);
    assert.equal(store.view.size, 0);
  });

  it('does not count without the key of the store', async (context) => {
    const { folder } = await cleaned(context);
    rmSync(place(folder, '.key'));
    const store = await open(context, folder);
    assert.deepEqual(await store.maintenance?.check(), []);
    assert.deepEqual(await store.maintenance?.restoreCopy(), []);
  });

  it('brings back no task of a store whose tasks were all deleted', async (context) => {
    const folder = tempFolder(context);
    git(folder, 'init', '-q');
    const first = await open(context, folder);
    await first.createTask({ title: 'Deleted' });
    await first.close();
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, compactAt: 1 });
    const second = await TaskStore.open({ folder, repository });
    await second.deleteTask('1');
    const { journal } = layoutOf(folder);
    const before = readdirSync(journal);
    await second.createTask({ title: 'Kept' });
    await until('the journal is compacted', () => !readdirSync(journal).includes(before[0] ?? ''));
    await second.close();
    const store = await open(context, folder);
    assert.deepEqual(await store.maintenance?.check(), []);
    assert.deepEqual(await store.maintenance?.restoreCopy(), []);
  });

  it('is written neither by a store that only reads nor in a restricted folder', async (context) => {
    const { folder } = await cleaned(context);
    const before = statSync(place(folder, '.tasks')).mtimeMs;
    for (const restricted of [false, true]) await (await open(context, folder, restricted)).close();
    const store = await open(context, folder, true);
    await assert.rejects(async () => store.maintenance?.restoreCopy());
    assert.equal(statSync(place(folder, '.tasks')).mtimeMs, before);
    assert.equal(existsSync(join(folder, '.systemprompt')), false);
  });
});

/** A folder outside of a repository, with the place of its copies. */
async function plain(
  context: TestContext,
): Promise<{ copies: string; start: () => Promise<TaskStore>; remove: () => void }> {
  const [folder, copies] = [tempFolder(context), join(tempFolder(context), 'state', 'copies')];
  return {
    copies,
    async start() {
      const repository = new FileRepository({ folder, logger: silentLogger, watch: false, copies });
      const store = await TaskStore.open({ folder, watch: false, repository });
      context.after(() => store.close());
      return store;
    },
    remove: () => rmSync(join(folder, '.systemprompt'), { recursive: true }),
  };
}

describe('the copy of the tasks of a folder outside of a repository', () => {
  it('brings tasks back that a person confirms, and has no log', async (context) => {
    const { copies, start, remove } = await plain(context);
    const first = await start();
    const { id } = await first.createTask({ title: 'Kept', instructions: 'echo 1' });
    await first.addLog(id, 'a secret line');
    await first.transact('test', (draft) => draft.patch(id, requestStart(draft.require(id), draft.at)));
    await first.close();
    const [name = ''] = readdirSync(copies);
    assert.doesNotMatch(readFileSync(join(copies, name), 'utf8'), /a secret line/);
    if (process.platform !== 'win32') {
      assert.deepEqual([statSync(copies).mode & 0o777, statSync(join(copies, name)).mode & 0o777], [0o700, 0o600]);
    }
    remove();
    const store = await start();
    assert.deepEqual(
      ((await store.maintenance?.check()) ?? []).map(({ code }) => code),
      ['tasks-missing'],
    );
    assert.deepEqual(await store.maintenance?.restoreCopy(), [1]);
    const task = store.view.byId(id);
    assert.deepEqual(
      [task?.title, task?.status, task?.queued_at, task?.from_outside],
      ['Kept', 'pending', undefined, true],
    );
  });

  it('does not count if another user could have written it', {
    skip: process.platform === 'win32',
  }, async (context) => {
    const { copies, start, remove } = await plain(context);
    const first = await start();
    await first.createTask({ title: 'A' });
    await first.close();
    const file = join(copies, readdirSync(copies)[0] ?? '');
    remove();
    for (const path of [file, copies]) {
      const { mode } = statSync(path);
      chmodSync(path, mode | 0o020);
      assert.deepEqual(await (await start()).maintenance?.restoreCopy(), []);
      chmodSync(path, mode);
    }
    assert.deepEqual(await (await start()).maintenance?.restoreCopy(), [1]);
  });

  it('removes copies that were not written for months, and is left out where the account has no folder', async (context) => {
    const { copies, start, remove } = await plain(context);
    mkdirSync(copies, { recursive: true });
    for (const name of ['old.tasks', 'new.tasks']) writeFileSync(join(copies, name), '');
    const past = new Date(Date.now() - 100 * 24 * 60 * 60_000);
    utimesSync(join(copies, 'old.tasks'), past, past);
    const first = await start();
    await first.createTask({ title: 'A' });
    await first.close();
    assert.deepEqual([readdirSync(copies).length, existsSync(join(copies, 'old.tasks'))], [2, false]);
    rmSync(copies, { recursive: true });
    writeFileSync(copies, 'a file in the way');
    remove();
    const second = await start();
    await second.createTask({ title: 'B' });
    await second.close();
    assert.equal(readFileSync(copies, 'utf8'), 'a file in the way');
  });

  it('does not exist for a temporary folder', async (context) => {
    const layout = layoutOf(tempFolder(context));
    assert.equal(await placeOfCopy(nodeFileSystem, layout, copiesFolder()), undefined);
  });
});
