import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { processesOf } from '../../src/agents/process-table.ts';
import { isOfRun } from '../../src/core/agent/run-marker.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { workerBench } from '../support/worker-bench.ts';

describe('a worker whose folder is removed', () => {
  for (const [how, go] of [
    ['is deleted', (folder: string) => rmSync(folder, { recursive: true, force: true })],
    [
      'is deleted with all that is around it',
      (folder: string) => rmSync(dirname(folder), { recursive: true, force: true }),
    ],
    ['is moved away', (folder: string) => renameSync(folder, `${folder}-moved`)],
  ] as const) {
    it(`exits with its agents (${how})`, async (context) => {
      const folder = tempFolder(context);
      const bench = await workerBench(context, { folder });
      const task = await bench.run({ title: 'long', instructions: 'sleep 600' });
      const left = () => processesOf({ isMarked: (marker) => isOfRun(marker, task.id) });
      await until('it runs', async () => (await left()).length > 0);
      go(join(folder, '.systemprompt'));
      await until(
        'the worker has ended',
        async () => (await Promise.race([bench.worker.ended, false])) !== false,
        30_000,
      );
      assert.deepEqual(await left(), []);
      await bench.store.close();
      assert.ok(!existsSync(join(folder, '.systemprompt')), 'and makes no empty one in its place');
    });
  }
});
