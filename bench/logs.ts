import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogDraft } from '../src/core/task/log-entry.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, median, ratioAtMost, timed, withFolder, withPeakMemory } from './kit.ts';
import { sampleParams } from './samples.ts';

const LINES = 1_000_000;
const TASKS = 10;
const BATCH = 100;
/** Batches under way before a writer waits for the first of them: 2,000 lines, as of a running agent. */
const UNDER_WAY = 20;
const PIECE = 1_000;
const ROUNDS = 3;

/** A flood of log lines through the store beside appending the same bytes to as many files. */
export const logs: Benchmark = {
  name: 'logs',
  measures: `${LINES} log lines to ${TASKS} tasks beside appendFile of the same bytes`,
  async run(print) {
    const peaks: number[] = [];
    const peaksOfTenth: number[] = [];
    await ours(LINES / 10, peaksOfTenth);
    peaksOfTenth.length = 0;
    await ours(LINES / 10, peaksOfTenth);
    const asText: number[] = [];
    const pair = await alternate(
      ROUNDS,
      () => ours(LINES, peaks),
      async () => {
        asText.push(await raw(true));
        return raw(false);
      },
    );
    print({
      name: `log ${LINES} lines`,
      value: pair.ours,
      unit: 'ms',
      limit: { what: 'appendFile of the same bytes', value: pair.limit },
      ratio: pair.ratio,
      note: `${Math.round((pair.ours / LINES) * 1e6)} ns per line`,
    });
    const printing = median(asText);
    print({
      name: `log ${LINES} lines, as objects`,
      value: pair.ours,
      unit: 'ms',
      limit: { what: 'JSON.stringify + appendFile', value: printing },
      ratio: pair.ours / printing,
      target: ratioAtMost(1.3, pair.ours / printing),
      note: 'the limit begins where the store does: with entries, not with bytes',
    });
    const [all, tenth] = [median(peaks) / 1024, median(peaksOfTenth) / 1024];
    print({
      name: 'log peak memory',
      value: all,
      unit: 'kB',
      limit: { what: `with ${LINES / 10} lines`, value: tenth },
      ratio: all / tenth,
      note: 'growth of the process while it writes; flat if it does not grow with the lines',
    });
  },
};

function line(index: number): LogDraft {
  return {
    message: `Step ${index}: read src/parser/lexer.ts and found nothing new in it`,
    level: 'info',
    type: 'tool',
    metadata: { toolName: 'read_file', fileName: 'src/parser/lexer.ts', lineNumber: index % 400 },
  };
}

async function ours(lines: number, peaks: number[]): Promise<number> {
  return withFolder(async (folder) => {
    const store = await TaskStore.open({ folder, watch: false });
    const tasks = await Promise.all(Array.from({ length: TASKS }, (_, i) => store.createTask(sampleParams(i))));
    const { result, peakBytes } = await withPeakMemory(() =>
      timed(async () => {
        await Promise.all(tasks.map(({ id }) => write(store, id, lines / TASKS)));
        await store.close();
      }),
    );
    peaks.push(peakBytes);
    return result;
  });
}

async function write(store: TaskStore, id: string, lines: number): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let i = 0; i < lines; i += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, k) => line(i + k));
    underWay.push(store.appendLog(id, batch));
    if (underWay.length >= UNDER_WAY) await underWay.shift();
  }
  await Promise.all(underWay);
}

/** The same bytes in pieces of the size in which the store writes; made before the clock runs, or while it does. */
async function raw(printing: boolean): Promise<number> {
  return withFolder(async (folder) => {
    const timestamp = new Date().toISOString();
    const textOf = (from: number): Buffer =>
      Buffer.from(
        Array.from({ length: PIECE }, (_, i) => `${JSON.stringify({ timestamp, ...line(from + i) })}\n`).join(''),
      );
    const piece = textOf(0);
    const append = async (_: unknown, task: number): Promise<void> => {
      const file = join(folder, `${task}.jsonl`);
      for (let i = 0; i < LINES / TASKS; i += PIECE) await appendFile(file, printing ? textOf(i) : piece);
    };
    return timed(() => Promise.all(Array.from({ length: TASKS }, append)));
  });
}
