import { writeFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { layoutOf, segmentFile } from '../src/store/file/layout.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, type Pair, ratioAtMost, timed, under, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

/** Opening a store beside a bare reading of its files. The files are in the system's cache for both. */
export const open: Benchmark = {
  name: 'open',
  says: 'opening 10,000 and 100,000 tasks, and 10,000 that only the journal has, beside readdir, readFile and JSON.parse of the same files',
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
    const killed = await openings(10_000, 7, writeJournalOnly);
    print({
      name: 'open 10000 after a kill',
      value: killed.ours,
      unit: 'ms',
      limit: { what: 'readFile + JSON.parse per line', value: killed.limit },
      ratio: killed.ratio,
      target: under(200, 'ms', killed.ours),
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

/** As a process leaves it that is killed before it wrote a single file: all is in the journal. */
function writeJournalOnly(folder: string, records: readonly TaskRecord[]): void {
  writeSampleStore(folder, []);
  const layout = layoutOf(folder);
  const lines = records.map(({ number: _, revision: __, ...task }, index) => {
    const tx = { v: 1, tx: `tx${index}`, at: task.created_at, by: 'bench', name: 'task.create' };
    const where = { gen: 1, after: 0, next: 1, batch: `b${index >> 6}`, index: index & 63 };
    return `${JSON.stringify({ ...tx, ops: [{ op: 'create', id: task.id, task }], ...where })}\n`;
  });
  writeFileSync(segmentFile(layout, 1), lines.join(''));
}

async function openings(count: number, rounds: number, write = writeSampleStore): Promise<Pair> {
  return withFolder(async (folder) => {
    write(folder, sampleRecords(count));
    const { tasks, journal } = layoutOf(folder);
    await bareReading(tasks, journal);
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
          parsed = await bareReading(tasks, journal);
        });
        if (parsed.length !== count) throw new Error('The bare reading missed files.');
        return ms;
      },
    );
  });
}

/** All files at once, as many at a time as are useful. */
async function bareReading(folder: string, journal: string): Promise<unknown[]> {
  const parsed: unknown[] = [];
  for (const name of await readdir(journal)) {
    const path = join(journal, name);
    const text = (await stat(path)).isFile() ? await readFile(path, 'utf8') : '';
    for (const line of text.split('\n')) if (line !== '') parsed.push(JSON.parse(line));
  }
  const queue = (await readdir(folder)).values();
  const work = async (): Promise<void> => {
    for (const name of queue) parsed.push(JSON.parse(await readFile(join(folder, name), 'utf8')));
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return parsed;
}
