import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file/file-system.ts';
import { layoutOf, segmentFile } from '../../src/store/file/layout.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a store that many use at once', () => {
  it('reads the journal as far as it went, and does not run after an end that others move on', async (context) => {
    const folder = tempFolder(context);
    const segment = segmentFile(layoutOf(folder), 1);
    let reads = 0;
    let crowd = false;
    const fs: FileSystem = {
      ...nodeFileSystem,
      stat: (async (file: string) => {
        const stat = await nodeFileSystem.stat(file);
        if (crowd && file === segment) appendFileSync(segment, `${JSON.stringify({ other: 'x'.repeat(500) })}\n`);
        return stat;
      }) as FileSystem['stat'],
      open: async (...args) => {
        const handle = await nodeFileSystem.open(...args);
        const read = handle.read.bind(handle) as (...all: unknown[]) => Promise<unknown>;
        handle.read = ((...all: unknown[]) => {
          reads += 1;
          return read(...all);
        }) as typeof handle.read;
        return handle;
      },
    };
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, fs });
    const store = await TaskStore.open({ folder, repository });
    context.after(() => store.close());
    await store.createTask({ title: 'first' });
    await store.refresh();
    crowd = true;
    reads = 0;
    for (let i = 0; i < 5; i += 1) await store.refresh();
    assert.ok(reads <= 5, `${reads} readings for five times`);
    crowd = false;
    const { number } = await store.createTask({ title: 'second' });
    assert.equal(number, 2);
  });
});
