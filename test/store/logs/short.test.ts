import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { FileRepository } from '../../../src/store/file/file-repository.ts';
import { logFile, logFolder } from '../../../src/store/file/logs/layout.ts';
import { partFile } from '../../../src/store/file/logs/parts.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('the count of a short log', () => {
  it('covers its complete lines in a single read', async (context) => {
    const folder = tempFolder(context);
    let opened: string[] = [];
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: (...args) => {
        opened.push(String(args[0]));
        return nodeFileSystem.open(...args);
      },
    };
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, fs });
    const store = await TaskStore.open({ folder, repository });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'a' });
    for (const message of ['one', 'a line\nthat is broken {}', 'äöü']) await store.addLog(id, message);
    appendFileSync(logFile(layoutOf(folder).logs, id), 'torn\n{"timestamp":');
    opened = [];
    const [task] = await store.getTasks();
    assert.equal(task?.log_count, 4);
    assert.deepEqual(
      opened.filter((file) => file.includes('logs')),
      [],
    );
    const { entries } = await store.getLogs(id);
    assert.equal(entries.length, 4);
  });

  it('includes the lines of its sealed parts', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'a' });
    await store.addLog(id, 'one');
    const { logs } = layoutOf(folder);
    const line = JSON.stringify({ timestamp: new Date().toISOString(), level: 'info', type: 'system', message: 'old' });
    mkdirSync(logFolder(logs, id), { recursive: true });
    writeFileSync(partFile(logs, id, 0), `${line}\n${line}\n`);
    const [task] = await store.getTasks();
    assert.equal(task?.log_count, 4);
  });
});
