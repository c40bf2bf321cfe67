import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, timed, under, withFolder } from './kit.ts';
import { sampleParams } from './samples.ts';

const LINES = 1_000_000;
const SHOWN = 100;
const ROUNDS = 7;

/** The end of a very long log, in a store that was just opened. */
export const tail: Benchmark = {
  name: 'tail',
  measures: `the last ${SHOWN} entries of a log of ${LINES} lines, and its length`,
  async run(print) {
    await withFolder(async (folder) => {
      const first = await TaskStore.open({ folder, watch: false });
      const { id } = await first.createTask(sampleParams(1));
      await first.close();
      const file = join(layoutOf(folder).logs, `${id}.jsonl`);
      writeLines(file);
      const limit = { what: `read of the last 64 kB of the file` };
      const shown = await alternate(
        ROUNDS,
        () =>
          opened(folder, async (store) =>
            expectCount((await store.getLogs(id, { limit: SHOWN })).entries.length, SHOWN),
          ),
        () => timed(() => bareTail(file)),
      );
      print({
        name: `tail of ${LINES} lines`,
        value: shown.ours,
        unit: 'ms',
        limit: { ...limit, value: shown.limit },
        ratio: shown.ratio,
        target: under(50, 'ms', shown.ours),
      });
      const counted = await alternate(
        3,
        () => opened(folder, async (store) => expectCount((await store.getTask(id))?.log_count ?? 0, LINES)),
        () => timed(async () => (await readFile(file)).length),
      );
      print({
        name: `show with ${LINES} lines`,
        value: counted.ours,
        unit: 'ms',
        limit: { what: 'readFile of the log', value: counted.limit },
        ratio: counted.ratio,
        note: 'the task, its last 1000 entries and their count',
      });
    });
  },
};

async function opened(folder: string, action: (store: TaskStore) => Promise<void>): Promise<number> {
  const store = await TaskStore.open({ folder, watch: false });
  const ms = await timed(() => action(store));
  await store.close();
  return ms;
}

/** The line of the creation may be there besides. */
function expectCount(found: number, wanted: number): void {
  if (found < wanted || found > wanted + 1) throw new Error(`Read ${found} entries instead of ${wanted}.`);
}

async function bareTail(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(64 * 1024);
    await handle.read(buffer, 0, buffer.length, size - buffer.length);
    const entries = buffer
      .toString('utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as unknown);
    return entries.slice(-SHOWN).length;
  } finally {
    await handle.close();
  }
}

function writeLines(file: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  const timestamp = new Date().toISOString();
  const handle = openSync(file, 'a');
  for (let i = 0; i < LINES; i += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, k) =>
      JSON.stringify({
        timestamp,
        level: 'info',
        type: 'tool',
        message: `Step ${i + k}: read a file, nothing new in it`,
      }),
    );
    writeSync(handle, `${lines.join('\n')}\n`);
  }
  closeSync(handle);
}
