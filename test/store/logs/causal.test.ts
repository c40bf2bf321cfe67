import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { FileRepository } from '../../../src/store/file/file-repository.ts';
import { lastMatching, matchingPage } from '../../../src/store/logs/search.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { backwards, forwards, lines } from './bench.ts';

interface Race {
  readonly folder: string;
  readonly slow: FileRepository;
  readonly fast: FileRepository;
  readonly id: string;
  /** Lets the slow process write what it has to say about its change. */
  readonly release: () => Promise<void>;
}

/** Two processes: the log lines of the first one reach the disk long after its changes do. */
async function race(context: TestContext): Promise<Race> {
  const folder = tempFolder(context);
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fs = {
    ...nodeFileSystem,
    open: async (...args: Parameters<typeof nodeFileSystem.open>) => {
      if (/logs.task_.*\.jsonl$/.test(String(args[0])) && args[1] !== 'r') await released;
      return nodeFileSystem.open(...args);
    },
    // The slow process does not get as far as making the file itself.
    writeNewSync: (...args: Parameters<typeof nodeFileSystem.writeNewSync>) => {
      if (/logs.task_.*\.jsonl$/.test(args[0])) throw Object.assign(new Error('slow'), { code: 'EEXIST' });
      return nodeFileSystem.writeNewSync(...args);
    },
  };
  const open = async (own = nodeFileSystem): Promise<FileRepository> => {
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, fs: own });
    await repository.open({ changed: () => {}, logged: () => {} });
    context.after(() => repository.close());
    return repository;
  };
  const slow = await open(fs);
  const id = await slow.mutate('create', (draft) => {
    const record = newTaskRecord({ title: 'logs' }, draft.at);
    draft.create(record);
    draft.log(record.id, { message: 'Task created' });
    draft.log(record.id, { message: 'with a plan' });
    return record.id;
  });
  return {
    folder,
    slow,
    fast: await open(),
    id,
    release: async () => {
      release();
      await slow.close();
    },
  };
}

const texts = (entries: readonly { message: string }[]): string[] => entries.map(({ message }) => message);

describe('a log that two processes write (G7)', () => {
  it('has a change before the entries that followed it, in pages, search and tail', async (context) => {
    const { folder, fast, id, release } = await race(context);
    await fast.mutate('start', (draft) => {
      draft.patch(id, { progress: 1 });
      draft.log(id, { message: 'Started' });
    });
    await fast.appendLog(id, lines(3));
    await release();
    const file = readFileSync(join(layoutOf(folder).logs, `${id}.jsonl`), 'utf8');
    assert.ok(file.indexOf('Started') < file.indexOf('Task created'), 'the file has the lines in another order');
    const expected = ['Task created', 'with a plan', 'Started', ...texts(lines(3))];
    for (const limit of [1, 2, 3, 4, 5, 6, 7, 100]) {
      assert.deepEqual(texts(await forwards(fast, id, limit)), expected, `forwards by ${limit}`);
      assert.deepEqual(texts(await backwards(fast, id, limit)), expected, `backwards by ${limit}`);
    }
    const read = (range: object): ReturnType<FileRepository['readLog']> => fast.readLog(id, range);
    const isSystem = ({ type }: { type: string }): boolean => type === 'system';
    assert.deepEqual(texts((await lastMatching(read, isSystem, 2)).entries), ['with a plan', 'Started']);
    assert.deepEqual(texts((await matchingPage(read, { limit: 2 }, isSystem)).entries), expected.slice(0, 3));
    assert.equal(await fast.countLog(id), 6);
  });
});
