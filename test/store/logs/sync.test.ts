import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { DiskFile } from '../../../src/store/file/disk/disk-file.ts';
import { nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogWriter } from '../../../src/store/file/logs/writer.ts';
import { WrittenFiles } from '../../../src/store/file/logs/written.ts';
import { defaultLogLimits } from '../../../src/store/logs/limits.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { lines } from './bench.ts';

/** A writer, and the names of the files that it has synced. */
function synced(context: TestContext): { writer: LogWriter; names: string[]; next: () => Promise<void> } {
  const { logs } = layoutOf(tempFolder(context));
  mkdirSync(logs, { recursive: true });
  const names: string[] = [];
  let told: () => void = () => {};
  const fs = {
    ...nodeFileSystem,
    open: async (...args: Parameters<typeof nodeFileSystem.open>): Promise<DiskFile> => {
      const handle = await nodeFileSystem.open(...args);
      const datasync = handle.datasync.bind(handle);
      handle.datasync = async () => {
        await datasync();
        names.push(basename(String(args[0])));
        told();
      };
      return handle;
    },
  };
  const writer = new LogWriter({
    fs,
    root: logs,
    limits: defaultLogLimits,
    files: new WrittenFiles(),
    written: () => {},
    deleted: () => false,
    putAside: async () => {},
    ended: async () => {},
    report: (error) => assert.fail(String(error)),
  });
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      told = resolve;
    });
  return { writer, names, next };
}

describe('log lines and a power failure', () => {
  it('are synced once within 2 seconds during continuous writes', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { writer, names, next } = synced(context);
    await writer.append('a', lines(1), { soon: true });
    await writer.append('b', lines(1), { soon: true });
    await writer.append('a', lines(1), { soon: true });
    assert.deepEqual(names, []);
    const first = next();
    context.mock.timers.tick(2_000);
    await first;
    await writer.synced('b');
    assert.deepEqual(names.sort(), ['a.jsonl', 'b.jsonl']);
    await writer.close();
    assert.equal(names.length, 2, 'nothing was written since');
  });

  it('are synced at the end of a run and when the store closes', async (context) => {
    const { writer, names } = synced(context);
    const waiting = writer.append('a', lines(1));
    await writer.synced('a');
    await waiting;
    assert.deepEqual(names, ['a.jsonl']);
    await writer.append('b', lines(1));
    await writer.close();
    assert.deepEqual(names, ['a.jsonl', 'b.jsonl']);
  });

  it('cause no sync if they only report changes from the journal', async (context) => {
    const { writer, names } = synced(context);
    await writer.append('a', lines(1), { seen: 7, change: true, soon: true });
    await writer.close();
    assert.deepEqual(names, []);
  });
});
