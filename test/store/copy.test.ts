import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { requestStart } from '../../src/core/task/start.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

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
    assert.equal((await store.createTask({ title: 'Next' })).number, 5);
    await store.deleteTask('5');
    await store.close();
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

  it('is written neither by a store that only reads nor in a restricted folder', async (context) => {
    const { folder } = await cleaned(context);
    const before = statSync(place(folder, '.tasks')).mtimeMs;
    for (const restricted of [false, true]) await (await open(context, folder, restricted)).close();
    const store = await open(context, folder, true);
    await assert.rejects(async () => store.maintenance?.restoreCopy());
    assert.equal(statSync(place(folder, '.tasks')).mtimeMs, before);
    assert.equal(existsSync(join(folder, '.systemprompt')), false);
  });

  it('does not exist outside of a repository', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    await store.createTask({ title: 'A' });
    await store.close();
    assert.deepEqual(await (await open(context, folder)).maintenance?.restoreCopy(), []);
  });
});
