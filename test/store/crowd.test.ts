import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '../../src/core/logger.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file/disk/file-system.ts';
import { layoutOf, segmentFile } from '../../src/store/file/disk/layout.ts';
import { Provenance } from '../../src/store/file/disk/provenance.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { Compactor } from '../../src/store/file/journal/compactor.ts';
import { writeStateFile } from '../../src/store/file/journal/state-file.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a store with many concurrent users', () => {
  it('reads the journal up to the end at its start, and does not follow later appends', async (context) => {
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

/** A compactor that has one segment to let go of, and what it did. */
function compactor(context: TestContext, mine: boolean) {
  const layout = layoutOf(tempFolder(context));
  for (const folder of [layout.journal, layout.tasks, layout.staging]) mkdirSync(folder, { recursive: true });
  const provenance = new Provenance(nodeFileSystem, layout);
  const did = { settled: 0, gone: [] as number[] };
  const settle = async (): Promise<void> => {
    did.settled += 1;
  };
  const made = new Compactor({
    fs: nodeFileSystem,
    layout,
    provenance,
    logger: silentLogger,
    settleFiles: settle,
    seal: async () => {},
    segments: async () => [1, 2],
    stagingAfter: () => '',
    settle: async () => {},
    now: () => new Date().toISOString(),
    count: () => 0,
    touched: () => [],
    gone: (generation) => did.gone.push(generation),
  });
  made.add({ generation: 1, touched: [], nextNumber: 1, mine });
  const done = (): Promise<void> =>
    writeStateFile({ fs: nodeFileSystem, layout, provenance }, layout.staging, {
      schema_version: 1,
      generation: 2,
      next_number: 1,
    });
  return { compactor: made, did, done };
}

describe('a sealed segment', () => {
  it('is compacted at once by the process that sealed it', async (context) => {
    const { compactor: own, did } = compactor(context, true);
    await own.run(0);
    assert.deepEqual(did, { settled: 1, gone: [1] });
  });

  it('is left to that process, and then needs no more work', async (context) => {
    const { compactor: other, did, done } = compactor(context, false);
    const running = other.run(0);
    await setImmediate();
    assert.deepEqual(did, { settled: 0, gone: [] });
    await done();
    await running;
    assert.deepEqual(did, { settled: 0, gone: [1] });
  });

  it('is compacted by another process if that one does not do it', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { compactor: other, did } = compactor(context, false);
    let over = false;
    const running = other.run(0).then(() => {
      over = true;
    });
    while (!over) {
      context.mock.timers.tick(1_000);
      await setImmediate();
    }
    await running;
    assert.deepEqual(did, { settled: 1, gone: [1] });
  });

  it('does not delay a process that is about to exit', async (context) => {
    const { compactor: other, did } = compactor(context, false);
    other.close();
    await other.run(0);
    assert.deepEqual(did, { settled: 0, gone: [] });
  });
});
