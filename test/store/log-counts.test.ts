import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { LogCounts } from '../../src/store/engine/log-counts.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file/disk/file-system.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

describe('the length of logs in lists', () => {
  it('is cached: a list reads no files', async (context) => {
    const folder = tempFolder(context);
    let looks = 0;
    const fs: FileSystem = {
      ...nodeFileSystem,
      lookSync: (file) => {
        if (file.includes('logs')) looks += 1;
        return nodeFileSystem.lookSync(file);
      },
    };
    const repository = new FileRepository({ folder, logger: silentLogger, watch: true, fs });
    const store = await TaskStore.open({ folder, repository });
    context.after(() => store.close());
    for (let at = 0; at < 5; at += 1) await store.createTask({ title: `Task ${at}` });
    let counts: number[] = [];
    const listed = async (): Promise<number> => {
      const before = looks;
      counts = (await store.getTasks()).map(({ log_count }) => log_count);
      return looks - before;
    };
    // Late notices of the creations, and the look once a second, have counts read again.
    await until('a list reads no disk', async () => (await listed()) === 0 && counts.every((count) => count === 1));
    assert.equal(counts.length, 5);
  });

  it('includes new local lines at once and lines of other processes soon', async (context) => {
    const folder = tempFolder(context);
    const [one, two] = [await TaskStore.open({ folder }), await TaskStore.open({ folder })];
    context.after(() => Promise.all([one.close(), two.close()]));
    const { id } = await one.createTask({ title: 'Logged' });
    const count = async (store: TaskStore): Promise<number | undefined> => (await store.getTasks())[0]?.log_count;
    await until('the creation is counted', async () => (await count(one)) === 1 && (await count(two)) === 1);
    await one.addLog(id, 'More');
    assert.equal(await count(one), 2);
    await until('the other one counts it', async () => (await count(two)) === 2);
  });

  it('is read again after a notice during the read and after an unnamed change', async () => {
    let notice: (id: string | undefined) => void = () => {};
    let value = 1;
    let meanwhile = (): void => {};
    const counts = new LogCounts(
      {
        count: async () => {
          const now = value;
          meanwhile();
          return now;
        },
        changes: (changed) => {
          notice = changed;
          return { dispose: () => {} };
        },
      },
      true,
    );
    meanwhile = () => {
      meanwhile = () => {};
      value = 2;
      notice('a');
    };
    assert.equal(await counts.of('a'), 1);
    assert.equal(await counts.of('a'), 2);
    value = 3;
    assert.equal(await counts.of('a'), 2);
    notice(undefined);
    assert.equal(await counts.of('a'), 3);
  });
});
