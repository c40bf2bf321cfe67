import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Logger } from '../../src/core/logger.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { layoutOf } from '../../src/store/file/disk/layout.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Linked {
  readonly folder: string;
  readonly id: string;
  readonly logs: string;
  /** Outside of the folder. */
  readonly target: string;
  readonly warnings: string[];
  open(): Promise<TaskStore>;
}

async function closedStore(context: TestContext): Promise<Linked> {
  const folder = tempFolder(context);
  const first = await TaskStore.open({ folder, watch: false });
  const { id } = await first.createTask({ title: 'A' });
  await first.close();
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  return {
    folder,
    id,
    logs: layoutOf(folder).logs,
    target: tempFolder(context),
    warnings,
    open: async () => {
      const store = await TaskStore.open({ folder, watch: false, logger });
      context.after(() => store.close());
      return store;
    },
  };
}

const line = `${JSON.stringify({ timestamp: '2026-01-01T00:00:00.000Z', level: 'info', type: 'system', message: 'SECRET' })}\n`;

describe('a file in place of a folder of the store', () => {
  for (const name of ['.systemprompt', '.systemprompt/state', '.systemprompt/state/logs']) {
    it(`is named in the error and stays: ${name}`, async (context) => {
      const folder = tempFolder(context);
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), 'mine\n');
      const store = await TaskStore.open({ folder, watch: false });
      context.after(() => store.close());
      await assert.rejects(store.createTask({ title: 'A' }), {
        code: 'StoreNotWritable',
        message: `${join(folder, name)} is not a folder: put a folder in its place.`,
      });
      assert.equal(readFileSync(join(folder, name), 'utf8'), 'mine\n');
    });
  }
});

describe('a link in place of a folder of the store', { skip: process.platform === 'win32' }, () => {
  for (const name of ['.', 'logs', 'quarantine', 'archive']) {
    it(`is reported, and neither doctor nor gc changes its target: ${name}`, async (context) => {
      const { folder, target, open } = await closedStore(context);
      const linked = join(layoutOf(folder).state, name);
      if (existsSync(linked)) renameSync(linked, join(target, 'moved'));
      const old = join(target, 'old.json');
      writeFileSync(old, 'mine\n');
      utimesSync(old, 0, 0);
      symlinkSync(target, linked);
      const before = readdirSync(target, { recursive: true }).sort();
      const store = await open();
      const findings = (await store.maintenance?.check()) ?? [];
      assert.deepEqual(
        findings.map(({ code, fix }) => [code, fix]),
        [['folder-unusable', undefined]],
      );
      assert.match(findings[0]?.what ?? '', /is a link\. Links are not followed: put a folder in its place\./);
      assert.deepEqual(await store.maintenance?.garbage(1), []);
      assert.deepEqual(readdirSync(target, { recursive: true }).sort(), before);
    });
  }
});

describe('a link in place of a task log', { skip: process.platform === 'win32' }, () => {
  it('is not read, and the log reports it', async (context) => {
    const { id, logs, target, open } = await closedStore(context);
    writeFileSync(join(target, 'other.jsonl'), line);
    rmSync(join(logs, `${id}.jsonl`));
    symlinkSync(join(target, 'other.jsonl'), join(logs, `${id}.jsonl`));
    const store = await open();
    const entries = await store.getTaskLogs(id);
    assert.deepEqual(
      entries.map(({ level, message }) => [level, /is a link or not a regular file/.test(message)]),
      [['warn', true]],
    );
    assert.ok(existsSync(join(logs, `${id}.jsonl`)), 'reading changes nothing');
  });

  it('is moved to quarantine by the next line, which is kept', async (context) => {
    const { folder, id, logs, target, warnings, open } = await closedStore(context);
    const victim = join(target, 'victim');
    writeFileSync(victim, 'mine\n');
    rmSync(join(logs, `${id}.jsonl`));
    symlinkSync(victim, join(logs, `${id}.jsonl`));
    const store = await open();
    await store.appendLog(id, [{ message: 'kept' }]);
    assert.equal(readFileSync(victim, 'utf8'), 'mine\n');
    assert.deepEqual(
      (await store.getTaskLogs(id)).map(({ message }) => message),
      ['kept'],
    );
    assert.match(warnings.join('\n'), /is a link .* It was moved to quarantine\./);
    const { quarantine } = layoutOf(folder);
    const moved = readdirSync(quarantine).find((name) => name.endsWith('.jsonl')) ?? '';
    assert.equal(readlinkSync(join(quarantine, moved)), victim);
    assert.match(readFileSync(join(quarantine, `${moved}.reason.txt`), 'utf8'), /is a link/);
  });

  it('is harmless for its folder: nothing in the target is read, compressed or deleted', async (context) => {
    const { folder, id, logs, target, open } = await closedStore(context);
    const texts = ['0.jsonl', '1.jsonl', 'ending-000000000000001-x.jsonl', 'index.json'];
    for (const name of texts) writeFileSync(join(target, name), line);
    symlinkSync(target, join(logs, id));
    const store = await open();
    assert.doesNotMatch(JSON.stringify(await store.getTaskLogs(id)), /SECRET/);
    await store.appendLog(id, [{ message: 'x'.repeat(300_000) }]);
    await store.updateTask(id, { status: 'completed' });
    await store.archive.add([id]);
    await store.close();
    assert.deepEqual(readdirSync(target).sort(), texts.sort());
    for (const name of texts) assert.equal(readFileSync(join(target, name), 'utf8'), line, name);
    assert.ok(existsSync(layoutOf(folder).quarantine));
  });

  it('is harmless for one part of the log', async (context) => {
    const { id, logs, target, open } = await closedStore(context);
    writeFileSync(join(target, '0.jsonl'), line);
    mkdirSync(join(logs, id));
    symlinkSync(join(target, '0.jsonl'), join(logs, id, '0.jsonl'));
    const store = await open();
    const entries = await store.getTaskLogs(id);
    assert.doesNotMatch(JSON.stringify(entries), /SECRET/);
    assert.equal(entries.at(-1)?.message, 'Task created for CLAUDECODE');
  });

  it('is treated like a folder under the name of the log', async (context) => {
    const { id, logs, open } = await closedStore(context);
    renameSync(join(logs, `${id}.jsonl`), join(logs, 'old'));
    mkdirSync(join(logs, `${id}.jsonl`));
    const store = await open();
    assert.match((await store.getTaskLogs(id))[0]?.message ?? '', /not a regular file/);
    await store.appendLog(id, [{ message: 'kept' }]);
    assert.equal((await store.getTaskLogs(id)).at(-1)?.message, 'kept');
  });
});
