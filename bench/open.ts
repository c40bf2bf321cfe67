import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../src/store/file/layout.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, type Pair, ratioAtMost, timed, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

/** Opening a store beside a bare reading of its files. The files are in the system's cache for both. */
export const open: Benchmark = {
  name: 'open',
  says: 'opening 10,000 and 100,000 tasks beside readdir, readFile and JSON.parse of the same files',
  async run(print) {
    const small = await openings(10_000, 7);
    const what = 'readdir + readFile + JSON.parse';
    print({
      name: 'open 10000',
      value: small.ours,
      unit: 'ms',
      limit: { what, value: small.limit },
      ratio: small.ratio,
      target: ratioAtMost(1.5, small.ratio),
    });
    const large = await openings(100_000, 3);
    print({
      name: 'open 100000',
      value: large.ours,
      unit: 'ms',
      limit: { what, value: large.limit },
      ratio: large.ratio,
      target: ratioAtMost(2, large.ratio),
      note: `per task ${(large.ours / small.ours / 10).toFixed(2)} × of opening 10000`,
    });
  },
};

async function openings(count: number, rounds: number): Promise<Pair> {
  return withFolder(async (folder) => {
    writeSampleStore(folder, sampleRecords(count));
    const { tasks } = layoutOf(folder);
    await bareReading(tasks);
    return alternate(
      rounds,
      async () => {
        globalThis.gc?.();
        let store: TaskStore | undefined;
        const ms = await timed(async () => {
          store = await TaskStore.open({ folder, watch: false });
        });
        if (store?.view.size !== count) throw new Error(`Opened ${store?.view.size} of ${count} tasks.`);
        await store.close();
        return ms;
      },
      async () => {
        globalThis.gc?.();
        let parsed: unknown[] = [];
        const ms = await timed(async () => {
          parsed = await bareReading(tasks);
        });
        if (parsed.length !== count) throw new Error('The bare reading missed files.');
        return ms;
      },
    );
  });
}

/** All files at once, as many at a time as are useful. */
async function bareReading(folder: string): Promise<unknown[]> {
  const parsed: unknown[] = [];
  const queue = (await readdir(folder)).values();
  const work = async (): Promise<void> => {
    for (const name of queue) parsed.push(JSON.parse(await readFile(join(folder, name), 'utf8')));
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return parsed;
}
