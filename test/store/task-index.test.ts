import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { silentLogger } from '../../src/core/logger.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file/disk/file-system.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const COUNT = 40;
const state = (folder: string, ...parts: string[]): string => join(folder, '.systemprompt', 'state', ...parts);

/** Opens a store and notes which task files it reads. */
async function open(context: TestContext, folder: string): Promise<{ store: TaskStore; read: string[] }> {
  const read: string[] = [];
  const fs: FileSystem = {
    ...nodeFileSystem,
    readRegularSync: (file, most) => {
      if (file.startsWith(state(folder, 'tasks'))) read.push(file);
      return nodeFileSystem.readRegularSync(file, most);
    },
  };
  const repository = new FileRepository({ folder, logger: silentLogger, watch: false, fs });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return { store, read };
}

/** A store at rest, whose files are older than a step of the clock of the file system. */
async function storeAtRest(context: TestContext, inRepository = false): Promise<string> {
  const folder = tempFolder(context);
  if (inRepository) execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const { store } = await open(context, folder);
  await Promise.all(Array.from({ length: COUNT }, (_, at) => store.createTask({ title: `Task ${at}` })));
  await store.close();
  // The index has no files that were written at the same moment as it.
  await setTimeout(50);
  const second = await open(context, folder);
  for (const { id } of await second.store.getTasks()) await second.store.updateTask(id, { labels: ['a'] });
  const tasks = state(folder, 'tasks');
  const isWritten = (name: string): boolean => /"labels":\s*\[\s*"a"/.test(readFileSync(join(tasks, name), 'utf8'));
  await until('all files are written', () => readdirSync(tasks).every(isWritten));
  await setTimeout(50);
  await second.store.close();
  return folder;
}

describe('the index of task files', () => {
  it('replaces reading the files of an idle store, with the same result', async (context) => {
    const folder = await storeAtRest(context);
    const { store, read } = await open(context, folder);
    const indexed = [...store.view.all()];
    assert.deepEqual(read, []);
    await store.close();
    writeFileSync(state(folder, 'index'), 'nonsense');
    const again = await open(context, folder);
    assert.equal(again.read.length, COUNT);
    assert.deepEqual([...again.store.view.all()], indexed);
    assert.deepEqual(again.store.problems, []);
  });

  it('is bypassed only for changed files', async (context) => {
    const folder = await storeAtRest(context);
    const { store } = await open(context, folder);
    const task = store.view.byNumber(7);
    await store.close();
    const file = state(folder, 'tasks', `${task?.id}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('Task 6', 'Task X'));
    const { store: next, read } = await open(context, folder);
    assert.ok(read.length > 0 && read.every((name) => name === file), read.join());
    assert.equal(next.view.byNumber(7)?.title, 'Task X');
  });

  it('is never taken from the folder of a store in a repository, where git could have put it', async (context) => {
    const folder = await storeAtRest(context, true);
    assert.equal(existsSync(state(folder, 'index')), false);
    const place = join(folder, '.git', 'systemprompt');
    const name = readdirSync(place).find((each) => each.endsWith('.index')) ?? '';
    const hostile = readFileSync(join(place, name), 'utf8').replaceAll('"Task 6"', '"Hostile"');
    rmSync(join(place, name));
    writeFileSync(state(folder, 'index'), hostile);
    const { store, read } = await open(context, folder);
    assert.equal(read.length, COUNT);
    assert.equal(store.view.byNumber(7)?.title, 'Task 6');
  });

  it('is ignored where a power cut damaged it', async (context) => {
    const folder = await storeAtRest(context);
    const file = state(folder, 'index');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, whole.length / 2));
    const { store, read } = await open(context, folder);
    const tasks = [...store.view.all()];
    assert.equal(read.length, COUNT);
    await store.close();
    // A block that was never written.
    writeFileSync(file, `${whole.slice(0, 3_000)}${'\0'.repeat(2_000)}${whole.slice(5_000)}`);
    const again = await open(context, folder);
    assert.ok(again.read.length > 0 && again.read.length < COUNT, `${again.read.length}`);
    assert.deepEqual([...again.store.view.all()], tasks);
  });

  it('is not written by a reading process', async (context) => {
    const folder = await storeAtRest(context);
    const file = state(folder, 'index');
    writeFileSync(file, '');
    const { store } = await open(context, folder);
    await store.getTasks();
    await store.close();
    assert.equal(statSync(file).size, 0);
  });

  it('is not written for a few tasks', async (context) => {
    const folder = tempFolder(context);
    const { store } = await open(context, folder);
    await store.createTask({ title: 'One' });
    await store.close();
    assert.equal(existsSync(state(folder, 'index')), false);
  });
});
