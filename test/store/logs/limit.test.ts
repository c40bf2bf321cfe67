import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogReader } from '../../../src/store/file/logs/files.ts';
import { until } from '../../support/temp-folder.ts';
import { backwards, forwards, type LogBench, lines, logBench } from './bench.ts';

const MAX = 60_000;
const limits = { partBytes: 4_000, capBytes: 8_000, maxBytes: MAX, settleMs: 0 };
const NOTICE =
  /^The log reached its limit of 0\.1 MB on disk \(setting logs\.maxMegabytes\)\. Its oldest lines were dropped: /;

function sizeOf({ path, id }: LogBench): number {
  const files = [path(`${id}.jsonl`), ...readdirSync(path(id)).map((name) => path(id, name))];
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Lines that compression does not make smaller. */
function noise(count: number, from: number): TaskLogEntry[] {
  return lines(count, from).map((entry, index) => ({
    ...entry,
    message: `${from + index} ${randomBytes(150).toString('base64')}`,
  }));
}

describe('a log that floods the disk', () => {
  it('keeps its newest lines under the limit and reports the dropped ones', async (context) => {
    const bench = await logBench(context, limits);
    const { repository, id } = bench;
    for (let at = 0; at < 1_000; at += 10) await repository.appendLog(id, noise(10, at));
    await until('old lines are dropped', () => sizeOf(bench) <= MAX + limits.partBytes);
    await repository.close();
    const again = await bench.other(limits);
    const entries = await forwards(again, id);
    assert.deepEqual(await backwards(again, id), entries);
    assert.equal(await again.countLog(id), entries.length);
    const notices = entries.filter(({ message }) => NOTICE.test(message));
    assert.ok(notices.length > 0 && notices.every(({ level }) => level === 'warn'), 'the log says it');
    const kept = entries.filter((entry) => !notices.includes(entry)).map(({ message }) => Number.parseInt(message, 10));
    assert.deepEqual(
      kept,
      Array.from({ length: kept.length }, (_, index) => 1_000 - kept.length + index),
      'the newest lines are there without a gap',
    );
    assert.ok(kept.length > 100 && kept.length < 500, `${kept.length} lines`);
  });

  it('with texts over the line limit is limited as well', async (context) => {
    const bench = await logBench(context, limits);
    const { repository, id } = bench;
    for (let at = 0; at < 20; at += 1) {
      const [entry] = lines(1, at);
      assert.ok(entry !== undefined);
      await repository.appendLog(id, [{ ...entry, message: `${at} ${'x'.repeat(70_000)}` }]);
    }
    await until('old texts are dropped', () => sizeOf(bench) <= MAX + 80_000);
    assert.ok((await forwards(repository, id)).some(({ message }) => NOTICE.test(message)));
  });

  it('is read without an error while a part is dropped', async (context) => {
    const { repository, id, folder, parts, path } = await logBench(context, limits);
    await repository.appendLog(id, noise(100, 0));
    await until('a part is compressed', () => parts().some((name) => name.endsWith('.gz')));
    const [kept] = lines(1, 100);
    assert.ok(kept);
    await repository.appendLog(id, [kept]);
    const layout = layoutOf(folder);
    const first = parts().find((name) => name.endsWith('.gz')) ?? '';
    let drop: string | undefined = path(id, first);
    const fs = {
      ...nodeFileSystem,
      // The part goes after the folder was listed, and before it is opened.
      open: async (file: string, ...rest: []) => {
        if (file === drop) {
          drop = undefined;
          rmSync(file);
        }
        return nodeFileSystem.open(file, ...rest);
      },
    } as typeof nodeFileSystem;
    const page = await new LogReader(fs, layout).read(id, { after: 0 });
    assert.equal(drop, undefined);
    assert.deepEqual(
      page?.entries.map(({ message }) => message),
      [kept.message],
    );
  });
});
