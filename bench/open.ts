import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { layoutOf, segmentFile, taskFile } from '../src/store/file/disk/layout.ts';
import { taskText } from '../src/store/file/snapshots/task-text.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { bareReading } from './bare-reading.ts';
import { alternate, type Benchmark, type Pair, ratioAtMost, timed, under, withFolder } from './kit.ts';
import { runProgram } from './peers/command.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

/** A process that made 10,000 tasks and was killed right after had come so far with the files. */
const WRITTEN = 4_600;

/** Opening a store beside a bare reading of its files. The files are in the system's cache for both. */
export const open: Benchmark = {
  name: 'open',
  measures:
    'opening 10,000 and 100,000 tasks, and 10,000 that only the journal has, beside readdir, readFile and JSON.parse of the same files',
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
    const half = await openings(10_000, 7, writeHalf);
    print({
      name: 'open 10000 after a kill, some files',
      value: half.ours,
      unit: 'ms',
      limit: { what: 'readFile + JSON.parse of journal and files', value: half.limit },
      ratio: half.ratio,
      note: `all in the journal, ${WRITTEN} of them in files as well`,
    });
    const cold = await coldOpenings(7);
    print({
      name: 'the same, first thing in a process',
      value: cold.ours,
      unit: 'ms',
      limit: { what: 'the same reading, first thing as well', value: cold.limit },
      ratio: cold.ratio,
      note: 'nothing is compiled yet',
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

/** As it is left by a process that was killed while it wrote the files. */
function writeHalf(folder: string, records: readonly TaskRecord[]): void {
  writeJournalOnly(folder, records);
  const layout = layoutOf(folder);
  for (const record of records.slice(0, WRITTEN))
    writeFileSync(taskFile(layout, record.id), taskText(record, Infinity));
}

async function coldOpenings(rounds: number): Promise<Pair> {
  return withFolder(async (folder) => {
    writeHalf(folder, sampleRecords(10_000));
    const once = async (what: string): Promise<number> => {
      const script = join(import.meta.dirname, 'open-once.ts');
      const { output } = await runProgram([process.execPath, script, what, folder], folder);
      const { ms, size } = JSON.parse(output) as { ms: number; size: number };
      if (size !== (what === 'store' ? 10_000 : 10_000 + WRITTEN)) throw new Error(`It read ${size}.`);
      return ms;
    };
    return alternate(
      rounds,
      () => once('store'),
      () => once('bare'),
    );
  });
}

async function openings(count: number, rounds: number, write = writeSampleStore): Promise<Pair> {
  return withFolder(async (folder) => {
    write(folder, sampleRecords(count));
    const least = await bareReading(folder);
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
          parsed = await bareReading(folder);
        });
        if (parsed.length !== least.length) throw new Error('The bare reading missed files.');
        return ms;
      },
    );
  });
}
