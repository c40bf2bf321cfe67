import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { layoutOf } from '../../src/store/file/disk/layout.ts';
import { CompactionTime } from '../../src/store/journal/compaction-time.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const MB = 1024 * 1024;

function times(context: TestContext, at?: number): { time: CompactionTime; count: () => number } {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let count = 0;
  const time = new CompactionTime(() => {
    count += 1;
  }, at);
  context.after(() => time.dispose());
  return { time, count: () => count };
}

describe('the time of a compaction', () => {
  it('is after a series of changes, not between them', (context) => {
    const { time, count } = times(context);
    for (let size = 1; size <= 15; size += 1) {
      time.changed(size * MB);
      context.mock.timers.tick(900);
    }
    assert.equal(count(), 0);
    context.mock.timers.tick(100);
    assert.equal(count(), 1);
  });

  it('is within a series if its length exceeds what can be read again', (context) => {
    const { time, count } = times(context);
    time.changed(1);
    time.changed(16 * MB);
    assert.equal(count(), 0);
    time.changed(16 * MB + 1);
    assert.equal(count(), 1);
  });

  it('is immediate for a single change, and never for a small journal', (context) => {
    const { time, count } = times(context);
    time.changed(2 * MB);
    context.mock.timers.tick(5_000);
    assert.equal(count(), 0);
    time.changed(2 * MB + 1);
    assert.equal(count(), 1);
  });

  it('does not keep the process alive', (context) => {
    const { time, count } = times(context, 10);
    time.changed(1);
    time.changed(11);
    assert.equal(count(), 1);
  });
});

describe('a store with a long journal', () => {
  const segments = (folder: string): string[] => readdirSync(layoutOf(folder).journal).sort();
  const fill = async (store: TaskStore): Promise<void> => {
    for (let i = 0; i < 30; i += 1) await store.createTask({ title: `t${i}`, description: 'x'.repeat(90_000) });
  };

  it('compacts it when idle', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    context.after(() => store.close());
    await fill(store);
    await until('the first segment is gone', () => segments(folder).join() === '00000002.jsonl');
    await store.close();
    const again = await TaskStore.open({ folder, watch: false });
    context.after(() => again.close());
    assert.equal((await again.getTasks()).length, 30);
  });

  it('leaves the compaction to the next change if it is closed before', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    await fill(store);
    await store.close();
    const [first] = segments(folder);
    const next = await TaskStore.open({ folder, watch: false });
    await next.createTask({ title: 'one more' });
    await next.close();
    assert.notEqual(segments(folder)[0], first);
    const again = await TaskStore.open({ folder, watch: false });
    context.after(() => again.close());
    assert.equal((await again.getTasks()).length, 31);
  });
});
