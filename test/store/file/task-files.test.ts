import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf, stagingFolder } from '../../../src/store/file/disk/layout.ts';
import { TaskFileWriter } from '../../../src/store/file/snapshots/task-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('files of a compaction are written once, and all are synced before the first is renamed', async (context) => {
  const layout = layoutOf(tempFolder(context));
  const staging = '1';
  for (const folder of [layout.tasks, stagingFolder(layout, staging)]) mkdirSync(folder, { recursive: true });
  const records = new Map(
    Array.from({ length: 40 }, (_, index) => {
      const record = { ...newTaskRecord({ title: `Task ${index}` }, '2026-01-01T00:00:00.000Z'), number: index + 1 };
      return [record.id, { ...record, revision: 1 } as TaskRecord];
    }),
  );
  const steps: string[] = [];
  const fs: FileSystem = {
    ...nodeFileSystem,
    open: async (...args: Parameters<FileSystem['open']>) => {
      const handle = await nodeFileSystem.open(...args);
      const { datasync } = handle;
      handle.datasync = async () => {
        await Reflect.apply(datasync, handle, []);
        steps.push('sync');
      };
      return handle;
    },
    writeNewSync: (...args: Parameters<FileSystem['writeNewSync']>) => {
      steps.push('write');
      return nodeFileSystem.writeNewSync(...args);
    },
    renameSync: (...args: Parameters<FileSystem['renameSync']>) => {
      steps.push('rename');
      nodeFileSystem.renameSync(...args);
    },
  };
  const writer = new TaskFileWriter({
    fs,
    layout,
    signer: { sign: () => undefined, verify: () => true },
    find: (id) => records.get(id as TaskRecord['id']),
    isRemoved: () => false,
    staging: () => staging,
    hasAllOf: () => true,
    makeDurable: async () => {},
    refresh: async () => {},
    renew: async () => {},
    mayReplace: async () => true,
    wrote: () => {},
    report: assert.ifError,
  });
  const ids = [...records.keys()];
  for (const id of ids) writer.touch(id, true);
  await Promise.all([writer.flush(), writer.settle(ids)]);
  const times = (step: string): string[] => ids.map(() => step);
  assert.deepEqual(steps, [...times('sync'), ...times('rename')]);
  assert.equal(readdirSync(layout.tasks).length, ids.length);

  steps.length = 0;
  writer.touch(ids[0] ?? '');
  await writer.flush();
  assert.deepEqual(steps, ['write', 'rename'], 'a later change is written as usual');
  assert.deepEqual(readdirSync(join(stagingFolder(layout, staging))), []);
});
