import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { type Benchmark, heapUsed, under, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

const COUNT = 20_000;
const LINES = 200_000;

/** The heap that an idle task and a line of a log take. */
export const memory: Benchmark = {
  name: 'memory',
  measures: `heap per task of ${COUNT} and per log line of ${LINES}, after everything that can go is gone`,
  async run(print) {
    await withFolder(async (folder) => {
      writeSampleStore(folder, sampleRecords(COUNT));
      await warmUp(folder);
      const before = heapUsed();
      const store = await TaskStore.open({ folder, watch: false });
      const perTask = (heapUsed() - before) / COUNT;
      const text = await bytesOfText(layoutOf(folder).tasks);
      print({
        name: 'memory per idle task',
        value: perTask,
        unit: 'bytes',
        limit: { what: 'its file', value: text / COUNT },
        ratio: perTask / (text / COUNT),
        target: under(3_000, 'bytes', perTask),
      });
      const id = store.resolve('1').id;
      await flood(store, id, LINES / 10);
      const after = heapUsed();
      await flood(store, id, LINES);
      const perLine = (heapUsed() - after) / LINES;
      print({
        name: 'memory per log line',
        value: Math.max(0, perLine),
        unit: 'bytes',
        limit: { what: 'its line in the file', value: 150 },
        ratio: Math.max(0, perLine) / 150,
        target: { text: 'flat', met: perLine < 1 },
        note: 'with a follower of the log',
      });
      await store.close();
    });
  },
};

async function warmUp(folder: string): Promise<void> {
  const store = await TaskStore.open({ folder, watch: false });
  await store.close();
}

async function flood(store: TaskStore, id: string, lines: number): Promise<void> {
  const follow = store.followLog(id, 'end', () => {});
  for (let i = 0; i < lines; i += 500) {
    const entries = Array.from({ length: 500 }, (_, k) => ({
      message: `line ${i + k} of a log with some words in it`,
    }));
    await store.appendLog(id, entries);
  }
  follow.dispose();
}

async function bytesOfText(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await readFile(join(folder, name))).length;
  return bytes;
}
