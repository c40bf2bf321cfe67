import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogReader } from '../../../src/store/file/logs/files.ts';
import { LogFollower } from '../../../src/store/file/logs/follower.ts';
import { MemoryRepository } from '../../../src/store/memory/memory-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

/** Starts to watch late, as a busy machine does. */
class SlowRepository extends MemoryRepository {
  override async watchLogs(on: boolean): Promise<void> {
    await delay(100);
    return super.watchLogs(on);
  }
}

describe('the follower of all logs', () => {
  it('reports entries though its first look at the folder fails', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'A' });
    const layout = layoutOf(folder);
    let failures = 0;
    const fs = {
      ...nodeFileSystem,
      readdir: async (path: string) => {
        failures += 1;
        if (failures === 1) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
        return nodeFileSystem.readdir(path);
      },
    } as typeof nodeFileSystem;
    const messages: string[] = [];
    const follower = new LogFollower(layout.logs, new LogReader(fs, layout), (_, entries) =>
      messages.push(...entries.map(({ message }) => message)),
    );
    await follower.start();
    context.after(() => follower.stop());
    assert.equal(failures, 1);
    await follower.ready();
    assert.ok(failures > 1);
    await store.addLog(id, 'the last line');
    await until('the line is reported', () => messages.includes('the last line'));
  });
});

describe('following the log of a task', () => {
  it('reports an entry that is added while the watch starts', async (context) => {
    const store = await TaskStore.open({ repository: new SlowRepository(), folder: tempFolder(context) });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'A' });
    const messages: string[] = [];
    const following = store.followLog(id, 'end', (entries) => messages.push(...entries.map(({ message }) => message)));
    context.after(() => following.dispose());
    await delay(20);
    await store.addLog(id, 'the last line');
    await until('the line is reported', () => messages.includes('the last line'));
  });
});
