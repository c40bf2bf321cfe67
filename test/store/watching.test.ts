import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, it, type TestContext } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const real = fs.watch;

/** Puts another `fs.watch` in place of the system's, for all who have imported it. */
function watchBy(watch: unknown): void {
  Object.assign(fs, { watch });
  syncBuiltinESMExports();
}

async function pair(context: TestContext): Promise<[TaskStore, TaskStore]> {
  const folder = tempFolder(context);
  const stores = [await TaskStore.open({ folder }), await TaskStore.open({ folder })] as const;
  for (const store of stores) context.after(() => store.close());
  return [...stores];
}

describe('changes of other processes on a folder that cannot be watched (G5)', () => {
  afterEach(() => watchBy(real));

  const folders: [string, () => unknown][] = [
    [
      'where watching fails',
      () => {
        throw Object.assign(new Error('no inotify'), { code: 'ENOSPC' });
      },
    ],
    ['where watching tells nothing, as on a network', () => ({ on: () => {}, close: () => {} })],
  ];
  for (const [where, watch] of folders) {
    it(`are detected: ${where}`, async (context) => {
      watchBy(watch);
      const [writer, reader] = await pair(context);
      const seen: string[] = [];
      reader.on('task:created', ({ task }) => seen.push(task.title));
      reader.on('task:log:added', ({ entry }) => seen.push(entry.message));
      const task = await writer.createTask({ title: 'first' });
      await until('the task is seen', () => seen.includes('first'));
      await writer.addLog(task.id, 'a line');
      await until('the line is seen', () => seen.includes('a line'));
      await reader.deleteTask(task.id);
      await until('the deletion is seen', () => writer.view.size === 0);
    });
  }

  it('are detected when the whole store is removed and recreated, and the old one gets no writes', async (context) => {
    const [writer, reader] = await pair(context);
    await writer.createTask({ title: 'before' });
    await until('it is seen', () => reader.view.size === 1);
    fs.rmSync(join(writer.folder, '.systemprompt'), { recursive: true });
    await until('it is gone for both', () => reader.view.size + writer.view.size === 0);
    await Promise.all([writer.createTask({ title: 'after' }), reader.createTask({ title: 'after too' })]);
    await until('both have both', () => reader.view.size === 2 && writer.view.size === 2);
    const fresh = await TaskStore.open({ folder: writer.folder, watch: false });
    context.after(() => fresh.close());
    assert.deepEqual([...fresh.view.all()], [...writer.view.all()]);
    assert.deepEqual([...reader.view.all()], [...writer.view.all()]);
  });

  it('in a moved or truncated journal are noticed before the next change is acknowledged', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    await store.createTask({ title: 'first' });
    const segment = join(folder, '.systemprompt', 'state', 'journal', '00000001.jsonl');
    for (const harm of [() => fs.renameSync(segment, `${segment}.bak`), () => fs.truncateSync(segment, 10)]) {
      harm();
      const title = `after ${harm}`.slice(0, 60);
      await store.createTask({ title });
      const fresh = await TaskStore.open({ folder, watch: false });
      assert.ok([...fresh.view.all()].some((task) => task.title === title));
      await fresh.close();
    }
  });
});
