import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { LogRetention } from '../../../src/store/file/logs/retention.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { tiny } from './bench.ts';

for (const ends of [false, true]) {
  const how = ends ? 'though the process that compresses it ends then' : 'once';
  test(`a line that reaches a part after it was read is kept, ${how} (G1)`, async (context) => {
    const root = tempFolder(context);
    const part = join(root, 'task_1', '0.jsonl');
    mkdirSync(join(root, 'task_1'));
    writeFileSync(part, 'early\n');
    const kept: string[] = [];
    const retention = new LogRetention(
      {
        ...nodeFileSystem,
        async rename(from, to) {
          await nodeFileSystem.rename(from, to);
          if (to === `${part}.gz`) appendFileSync(part, 'late\n');
        },
        async unlink(file) {
          if (ends && file === part) throw new Error('The process ends.');
          await nodeFileSystem.unlink(file);
        },
      },
      root,
      tiny,
      async (_id, text) => void kept.push(text.toString()),
    );
    const done = retention.compressOver('task_1', 0, 0);
    if (ends) await assert.rejects(done, /The process ends/);
    else await done;
    assert.deepEqual(kept, ['late\n']);
    assert.equal(gunzipSync(readFileSync(`${part}.gz`)).toString(), 'early\n');
    assert.equal(existsSync(part), ends);
  });
}
