import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { LogDraft, LogLevel, TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { openHost } from '../../../src/host.ts';
import { runOperation } from '../../../src/operations/operation.ts';
import { taskLogs } from '../../../src/operations/task/logs.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogReader } from '../../../src/store/file/logs/files.ts';
import { LogWriter } from '../../../src/store/file/logs/writer.ts';
import { WrittenFiles } from '../../../src/store/file/logs/written.ts';
import { defaultLogLimits } from '../../../src/store/logs/limits.ts';
import { MemoryRepository } from '../../../src/store/memory/memory-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

describe('an entry of a log', () => {
  it('is refused if it would be unreadable or for another path', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'A' });
    for (const [task, draft] of [
      ['../../evil', { message: 'x' }],
      ['', { message: 'x' }],
      [id, { message: 'x', level: 'fatal' }],
      [id, { message: 'x', type: 'noise' }],
      [id, { message: 7 }],
      [id, { message: 'x', metadata: 'text' }],
      [id, { message: 'x', metadata: ['a'] }],
    ] as [string, LogDraft][]) {
      await assert.rejects(store.appendLog(task, [draft]), { code: 'InvalidInput' }, JSON.stringify([task, draft]));
    }
    await assert.rejects(store.addLog('A', 'x', 'fatal' as LogLevel), { code: 'InvalidInput' });
    assert.equal(existsSync(join(folder, '.systemprompt', 'evil.jsonl')), false);
    await store.addLog('A', 'broke', 'error', new Error('why') as never);
    const [, entry] = await store.getTaskLogs(id);
    const { message, stack } = (entry?.metadata?.error ?? {}) as Partial<Error>;
    assert.equal(message, 'why');
    assert.match(stack ?? '', /door\.test/);
  });

  it('is refused for an unknown task, by the library and by the operation', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    await store.createTask({ title: 'A' });
    for (const reference of ['../../evil', 'task_gone', '99']) {
      await assert.rejects(store.addLog(reference, 'x'), { code: 'TaskNotFound' }, reference);
      await assert.rejects(store.getLogs(reference), { code: 'TaskNotFound' }, reference);
      await assert.rejects(
        runOperation(taskLogs, await openHost({ folder, watch: false }), { task: reference }),
        { code: 'TaskNotFound' },
        reference,
      );
    }
  });

  it('is a copy for every reader and listener, independent of the objects of a caller', async (context) => {
    const folder = tempFolder(context);
    for (const repository of [undefined, new MemoryRepository(folder)]) {
      const store = await TaskStore.open({ folder, repository });
      context.after(() => store.close());
      const { id } = await store.createTask({ title: 'A' });
      const told: string[] = [];
      for (const _ of [1, 2]) {
        store.on('task:log:added', ({ entry }) => {
          told.push(entry.message);
          entry.message = 'changed by a listener';
        });
      }
      const metadata = { source: 'mine' };
      const added = store.addLog(id, 'x', 'info', metadata);
      metadata.source = 'changed by the caller';
      await added;
      await until('both listeners have it', () => told.filter((message) => message === 'x').length === 2);
      for (const _ of [1, 2]) {
        const entry = (await store.getTaskLogs(id)).at(-1);
        assert.deepEqual([entry?.message, entry?.metadata], ['x', { source: 'mine' }]);
        if (entry?.metadata !== undefined) entry.metadata.source = 'changed by a reader';
      }
    }
  });

  it('is written at once for an awaiting caller, for any batch interval', async (context) => {
    const folder = tempFolder(context);
    const { logs } = layoutOf(folder);
    mkdirSync(logs, { recursive: true });
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const writer = new LogWriter({
      fs: nodeFileSystem,
      root: logs,
      limits: defaultLogLimits,
      files: new WrittenFiles(),
      written: () => {},
      deleted: () => false,
      putAside: async () => {},
      ended: async () => {},
      report: (error) => assert.fail(String(error)),
    });
    const entry = { timestamp: 'now', level: 'info', type: 'system', message: 'x' } as const;
    const batched = writer.append('a', [entry]);
    await Promise.all([writer.append('a', [entry], { soon: true }), batched]);
    await writer.append('a', [entry], { soon: true });
    assert.equal(readFileSync(join(logs, 'a.jsonl'), 'utf8').split('\n').length, 4, 'no timer has ended');
    await writer.close();
  });

  it('keeps the order of batches, however long each write takes', async (context) => {
    const folder = tempFolder(context);
    const { logs } = layoutOf(folder);
    mkdirSync(logs, { recursive: true });
    // The second write is slow enough for the third one to overtake it.
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const open: FileSystem['open'] = async (...args) => {
      const handle = await nodeFileSystem.open(...args);
      const write = handle.write.bind(handle) as (...rest: unknown[]) => Promise<unknown>;
      const slow = async (bytes: Buffer, ...rest: unknown[]): Promise<unknown> => {
        if (bytes.includes('bbb"}')) await released;
        return write(bytes, ...rest);
      };
      return Object.assign(handle, { write: slow });
    };
    const writer = new LogWriter({
      fs: { ...nodeFileSystem, open },
      root: logs,
      limits: defaultLogLimits,
      files: new WrittenFiles(),
      written: () => {},
      deleted: () => false,
      putAside: async () => {},
      ended: async () => {},
      report: (error) => assert.fail(String(error)),
    });
    // Each is large enough to be written at once.
    const batch = (name: string): TaskLogEntry[] =>
      Array.from({ length: 3_000 }, () => ({
        timestamp: 'now',
        level: 'info',
        type: 'output',
        message: name.repeat(100),
      }));
    const first = writer.append('a', batch('a'));
    const second = writer.append('a', batch('b'));
    await first;
    const third = writer.append('a', batch('c'));
    await setTimeout(50);
    release();
    await Promise.all([second, third]);
    await writer.close();
    const order = [...new Set(readFileSync(join(logs, 'a.jsonl'), 'utf8').match(/[abc](?="})/g))];
    assert.deepEqual(order, ['a', 'b', 'c']);
  });

  it('is counted once without additions, and again when another process adds a line', async (context) => {
    const folder = tempFolder(context);
    const layout = layoutOf(folder);
    mkdirSync(layout.logs, { recursive: true });
    let reads = 0;
    const fs = {
      ...nodeFileSystem,
      readRegularSync: (file: string, most: number) => {
        reads += 1;
        return nodeFileSystem.readRegularSync(file, most);
      },
    };
    const reader = new LogReader(fs, layout);
    writeFileSync(join(layout.logs, 'a.jsonl'), '{}\n{}\n');
    assert.deepEqual([await reader.count('a'), await reader.count('a'), reads], [2, 2, 1]);
    writeFileSync(join(layout.logs, 'a.jsonl'), '{}\n{}\n{}\n');
    assert.deepEqual([await reader.count('a'), reads], [3, 2]);
  });

  it('is readable by the user alone, like all files of the store', {
    skip: process.platform === 'win32',
  }, async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    const { id } = await store.createTask({ title: 'A' });
    await store.addLog('A', 'x');
    await store.close();
    const { state, stateFile: _, logs, tasks, journal } = layoutOf(folder);
    for (const path of [state, logs, tasks, journal]) assert.equal(statSync(path).mode & 0o077, 0, path);
    for (const path of [join(logs, `${id}.jsonl`), join(tasks, `${id}.json`), join(journal, '00000001.jsonl')]) {
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
    }
  });
});
