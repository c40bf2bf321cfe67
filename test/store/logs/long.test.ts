import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultLogLimits } from '../../../src/store/logs/limits.ts';
import { backwards, forwards, lines, logBench } from './bench.ts';

describe('long log entries', () => {
  it('of 50 MB are stored whole and truncated for display, with the path of the full text', async (context) => {
    const { folder, repository, id, path } = await logBench(context, defaultLogLimits);
    const text = `begin ${'ünï '.repeat(12_500_000)} end`;
    const [first, second] = lines(2);
    assert.ok(first !== undefined && second !== undefined);
    await repository.appendLog(id, [first, { ...second, message: text }]);
    assert.ok(statSync(path(`${id}.jsonl`)).size < 64 * 1024);
    const { entries } = await repository.readLog(id, {});
    assert.deepEqual(entries[0], first);
    const shown = entries[1]?.message ?? '';
    assert.ok(shown.length < 10_000 && shown.startsWith('begin ünï'));
    const file = /the whole text is in (\S+)$/.exec(shown)?.[1] ?? '';
    assert.equal(readFileSync(join(folder, file), 'utf8') === text, true);
    assert.equal(await repository.countLog(id), 2);
  });

  it('with long details keep short values in the line and the whole beside it', async (context) => {
    const { folder, repository, id } = await logBench(context, defaultLogLimits);
    const [entry] = lines(1);
    assert.ok(entry !== undefined);
    const metadata = { toolName: 'read', fileName: 'a.js', toolOutput: 'x'.repeat(200_000) };
    await repository.appendLog(id, [{ ...entry, metadata }]);
    const [shown] = (await repository.readLog(id, {})).entries;
    assert.deepEqual(shown?.metadata, { toolName: 'read', fileName: 'a.js' });
    const file = /all details are in (\S+)$/.exec(shown?.message ?? '')?.[1] ?? '';
    assert.deepEqual(JSON.parse(readFileSync(join(folder, file), 'utf8')), metadata);
  });

  it('written by other programs are skipped with a note of their position', async (context) => {
    const { repository, id, path } = await logBench(context, defaultLogLimits);
    const [first, second, third] = lines(3);
    const foreign = JSON.stringify({ ...second, message: 'y'.repeat(20_000_000) });
    writeFileSync(path(`${id}.jsonl`), `${JSON.stringify(first)}\n${foreign}\n${JSON.stringify(third)}\n`);
    for (const read of [forwards, backwards]) {
      const entries = await read(repository, id, 2);
      assert.deepEqual([entries[0], entries[2]], [first, third]);
      assert.match(entries[1]?.message ?? '', /too long to be shown; it begins at byte \d+ of/);
      assert.equal(entries[1]?.timestamp, second?.timestamp);
    }
  });

  it('make pages shorter, not larger', async (context) => {
    const { repository, id } = await logBench(context, defaultLogLimits);
    const long = lines(400).map((entry) => ({ ...entry, message: 'z'.repeat(60_000) }));
    for (let at = 0; at < long.length; at += 50) await repository.appendLog(id, long.slice(at, at + 50));
    const page = await repository.readLog(id, { limit: 1_000 });
    assert.ok(page.entries.length > 200 && page.entries.length < 300, `${page.entries.length}`);
    assert.equal((await forwards(repository, id, 1_000)).length, 400);
    assert.equal((await backwards(repository, id, 1_000)).length, 400);
  });
});

describe('the log of a deleted task', () => {
  it('is deleted with all parts and texts, including lines that arrive late', async (context) => {
    const { repository, id, path, parts } = await logBench(context);
    for (let at = 0; at < 200; at += 20) await repository.appendLog(id, lines(20, at));
    await repository.appendLog(id, [{ ...lines(1)[0], message: 'x'.repeat(100_000) } as never]);
    assert.ok(parts().length > 3);
    const late = repository.appendLog(id, lines(5));
    await repository.mutate('delete', (draft) => draft.delete(id));
    const later = repository.appendLog(id, lines(5));
    await Promise.all([late, later]);
    await repository.close();
    assert.ok(!existsSync(path(id)) && !existsSync(path(`${id}.jsonl`)));
  });
});
