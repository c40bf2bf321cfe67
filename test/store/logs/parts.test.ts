import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { LogRetention } from '../../../src/store/file/logs/retention.ts';
import { LogFollow } from '../../../src/store/logs/follow.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { backwards, forwards, lines, logBench, tiny } from './bench.ts';

describe('parts of a log', () => {
  it('are sealed and compressed as the log grows, and read as one log in both directions (G7)', async (context) => {
    const { repository, id, parts } = await logBench(context);
    const all = lines(500);
    for (let at = 0; at < all.length; at += 20) await repository.appendLog(id, all.slice(at, at + 20));
    await until('old parts are compressed', () => parts().filter((name) => name.endsWith('.gz')).length > 10);
    assert.deepEqual(await forwards(repository, id), all);
    assert.deepEqual(await backwards(repository, id), all);
    assert.equal(await repository.countLog(id), 500);
    const last = await repository.readLog(id, { limit: 90 });
    assert.deepEqual(last.entries, all.slice(-90));
    const before = await repository.readLog(id, { before: last.start, limit: 90 });
    assert.deepEqual(before.entries, all.slice(-180, -90));
  });

  it('keep the plain text under the limit, and the rest compressed', async (context) => {
    const { repository, id, parts, path } = await logBench(context);
    const all = lines(300);
    for (let at = 0; at < all.length; at += 20) await repository.appendLog(id, all.slice(at, at + 20));
    const plainBytes = (): number =>
      parts()
        .filter((name) => /^\d+\.jsonl$/.test(name))
        .reduce((sum, name) => sum + readFileSync(path(id, name)).length, 0);
    // A part is compressed at the end of a later one, once nobody can be writing to it any more.
    await until('the plain text is under the cap', async () => {
      if (plainBytes() <= 4_000 + 3_000) return true;
      await repository.appendLog(id, lines(20));
      return false;
    });
    await repository.close();
    const names = parts();
    const packed = names.filter((name) => name.endsWith('.gz'));
    const text = packed.map((name) => gunzipSync(readFileSync(path(id, name))).toString()).join('');
    assert.ok(text.split('\n').length > 200);
  });

  it('keep positions valid, so that a reader continues there after a compression', async (context) => {
    const { repository, id, parts } = await logBench(context);
    const all = lines(400);
    await repository.appendLog(id, all.slice(0, 5));
    const { next } = await repository.readLog(id, { limit: 1 });
    for (let at = 5; at < all.length; at += 15) await repository.appendLog(id, all.slice(at, at + 15));
    await until('old parts are compressed', () => parts().includes('0.jsonl.gz'));
    assert.deepEqual((await repository.readLog(id, { after: next })).entries, all.slice(5));
  });

  it('do not disturb a follower: every line once, in order', async (context) => {
    const { repository, id } = await logBench(context);
    const seen: string[] = [];
    const follow = new LogFollow(
      (range) => repository.readLog(id, range),
      0,
      (entries) => {
        seen.push(...entries.map((entry) => entry.message));
      },
    );
    const all = lines(300);
    for (let at = 0; at < all.length; at += 7) {
      await repository.appendLog(id, all.slice(at, at + 7));
      follow.poke();
    }
    await until('all is seen', () => {
      follow.poke();
      return seen.length >= 300;
    });
    assert.deepEqual(
      seen,
      all.map((entry) => entry.message),
    );
  });

  it('sealed by several processes at once lose and duplicate no line', async (context) => {
    const { repository, id, other } = await logBench(context);
    const writers = [repository, await other(), await other(), await other()];
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let at = 0; at < 200; at += 10) await writer.appendLog(id, lines(10, index * 200 + at));
      }),
    );
    const messages = (await forwards(repository, id)).map((entry) => entry.message);
    assert.equal(messages.length, 800);
    assert.equal(new Set(messages).size, 800);
    assert.equal(await repository.countLog(id), 800);
    for (let index = 0; index < writers.length; index += 1) {
      const own = new Set(lines(200, index * 200).map((entry) => entry.message));
      assert.deepEqual(
        messages.filter((message) => own.has(message)),
        [...own],
        'lines of one writer keep their order',
      );
    }
  });
});

describe('numbers of parts', () => {
  it('that two processes give at once keep the part, also if one of them continues with the next', async (context) => {
    const root = tempFolder(context);
    const [linked, continued] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow: FileSystem = {
      ...nodeFileSystem,
      link: async (...names) => {
        await nodeFileSystem.link(...names);
        linked.resolve();
        await continued.promise;
      },
    };
    const write = (text: string): void => writeFileSync(join(root, 'task_1.jsonl'), text);
    write('one\n');
    const first = new LogRetention(slow, root, tiny).endPart('task_1');
    await linked.promise;
    const other = new LogRetention(nodeFileSystem, root, tiny);
    await other.numberEnding('task_1');
    write('two\n');
    await other.endPart('task_1');
    continued.resolve();
    await first;
    const texts = readdirSync(join(root, 'task_1'))
      .sort()
      .map((name) => readFileSync(join(root, 'task_1', name), 'utf8'));
    assert.deepEqual(texts, ['one\n', 'two\n']);
  });
});

describe('parts of a log after a crash', () => {
  it('between rename and numbering: the part counts and gets its number with the next one', async (context) => {
    const { repository, id, parts, path } = await logBench(context);
    const all = lines(60);
    for (let at = 0; at < 38; at += 19) await repository.appendLog(id, all.slice(at, at + 19));
    await repository.appendLog(id, all.slice(38, 40));
    const { next } = await repository.readLog(id, { limit: 1 });
    renameSync(path(`${id}.jsonl`), path(id, 'ending-000000000000001-x.jsonl'));
    assert.deepEqual(await forwards(repository, id), all.slice(0, 40));
    await repository.appendLog(id, all.slice(40, 41));
    assert.deepEqual((await repository.readLog(id, { after: next })).entries, all.slice(40, 41));
    for (let at = 41; at < 60; at += 10) await repository.appendLog(id, all.slice(at, at + 10));
    await until('it has a number', () => !parts().some((name) => name.startsWith('ending')));
    assert.deepEqual(await forwards(repository, id), all);
  });

  it('between compression and removal: the part is not read twice', async (context) => {
    const { repository, id, parts, path, other } = await logBench(context);
    const all = lines(200);
    for (let at = 0; at < all.length; at += 10) await repository.appendLog(id, all.slice(at, at + 10));
    await until('the first part is compressed', () => parts().includes('0.jsonl.gz'));
    writeFileSync(path(id, '0.jsonl'), gunzipSync(readFileSync(path(id, '0.jsonl.gz'))));
    const again = await other();
    assert.deepEqual(await forwards(again, id), all);
    assert.equal(await again.countLog(id), 200);
  });

  it('in the middle of a line: the torn line is skipped and not counted, and the log continues', async (context) => {
    const { repository, id, path, other } = await logBench(context);
    const all = lines(4);
    await repository.appendLog(id, all.slice(0, 2));
    const torn = `${readFileSync(path(`${id}.jsonl`), 'utf8')}{"timestamp":"2024-01-01T00:00:00.000Z","metadata":{}`;
    writeFileSync(path(`${id}.jsonl`), torn);
    assert.equal(await repository.countLog(id), 2);
    await repository.appendLog(id, all.slice(2));
    assert.deepEqual(await forwards(repository, id), all);
    assert.equal(await repository.countLog(id), 4);
    assert.equal(await (await other()).countLog(id), 4);
  });
});

describe('the index of a log', () => {
  const large = { partBytes: 400_000, capBytes: 1_000_000, maxBytes: 1_000_000_000, settleMs: 100 };

  it('is created automatically and saves another read of the log', async (context) => {
    const { repository, id, path, other } = await logBench(context, large);
    for (let at = 0; at < 20_000; at += 2_000) await repository.appendLog(id, lines(2_000, at));
    await until('it is there', () => existsSync(path(id, 'index.json')));
    assert.equal(await (await other(large)).countLog(id), 20_000);
  });

  it('continues after its last position, also after a sealed part', async (context) => {
    const { repository, id, parts } = await logBench(context);
    for (let at = 0; at < 60; at += 3) {
      await repository.appendLog(id, lines(3, at));
      assert.equal(await repository.countLog(id), at + 3);
    }
    assert.ok(parts().length > 3);
  });

  it('is never trusted: torn, foreign, wrong or missing, the count is correct', async (context) => {
    const { repository, id, path, other } = await logBench(context, large);
    for (let at = 0; at < 20_000; at += 2_000) await repository.appendLog(id, lines(2_000, at));
    await until('it is there', () => existsSync(path(id, 'index.json')));
    await repository.close();
    const index = JSON.parse(readFileSync(path(id, 'index.json'), 'utf8'));
    const wrong = structuredClone(index);
    for (const part of Object.values(wrong.parts) as { lines: number; check: number }[]) {
      part.lines += 7;
      part.check += 1;
    }
    for (const text of ['{"v":1,"par', '[]', '{"v":2}', JSON.stringify(wrong)]) {
      writeFileSync(path(id, 'index.json'), text);
      assert.equal(await (await other(large)).countLog(id), 20_000, text.slice(0, 20));
    }
    rmSync(path(id, 'index.json'));
    assert.equal(await (await other(large)).countLog(id), 20_000);
  });
});
