import { alternate, type Benchmark, diskSync, median, ratioAtMost } from './kit.ts';
import { measuredStore, rawWrite, type Written } from './raw-store.ts';
import { sampleParams } from './samples.ts';

const COUNT = 10_000;
const AT_ONCE = 64;
const ROUNDS = 3;

/** 10,000 durable creations beside writing the same journal with as many syncs and the same task files. */
export const creates: Benchmark = {
  name: 'creates',
  measures: `${COUNT} creations, ${AT_ONCE} at a time, all durable, until the store is closed`,
  async run(print) {
    let written = (await ours()).written;
    const all: number[] = [];
    const oursOf: number[] = [];
    const syncs: number[] = [];
    const pair = await alternate(
      ROUNDS,
      async () => {
        const round = await ours();
        written = round.written;
        syncs.push(written.syncs);
        oursOf.push(round.ms);
        return round.ms;
      },
      async () => {
        const bare = await rawWrite(written, false);
        all.push(await rawWrite(written, true));
        return bare;
      },
    );
    const syncMs = await diskSync();
    print({
      name: `create ${COUNT}`,
      value: pair.ours,
      unit: 'ms',
      limit: { what: 'same journal, syncs and task files', value: pair.limit },
      ratio: pair.ratio,
      target: ratioAtMost(3, pair.ratio),
      note: `${median(syncs)} syncs`,
      syncMs,
    });
    print({
      name: `create ${COUNT}, with logs`,
      value: pair.ours,
      unit: 'ms',
      limit: { what: 'the same with the log file of each task', value: median(all) },
      ratio: median(oursOf.map((ms, round) => ms / (all[round] ?? Number.NaN))),
      note: 'every file that a creation writes',
      syncMs,
    });
  },
};

async function ours(): Promise<{ ms: number; written: Written }> {
  const { ms, written } = await measuredStore(async (store) => {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < COUNT) {
        next += 1;
        await store.createTask(sampleParams(next));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  });
  if (written.files.size !== COUNT) throw new Error(`Only ${written.files.size} of ${COUNT} tasks have a file.`);
  return { ms, written };
}
