import { isReady } from '../src/core/task/ready.ts';
import { queuedTasks } from '../src/runtime/schedule/scheduler.ts';
import { StoreState } from '../src/store/journal/state.ts';
import { type Benchmark, median, timedSync, under } from './kit.ts';
import { sampleRecords } from './samples.ts';

const SIZES = [1_000, 10_000, 100_000];
const STEPS = 500;

/** After each completion: which task is next? Beside applying the completion itself, and beside looking at every task. */
export const next: Benchmark = {
  name: 'next',
  measures: `the next ready task in a graph of ${SIZES.join(', ')} tasks, after each completion`,
  async run(print) {
    for (const size of SIZES) {
      const { found, applied, scanned } = walk(stateOf(size));
      print({
        name: `next ready of ${size}`,
        value: found,
        unit: 'µs',
        limit: { what: 'applying the completion in memory', value: applied },
        ratio: found / applied,
        target: under(50, 'µs', found),
        note: `looking at every task: ${scanned.toFixed(0)} µs`,
      });
    }
  },
};

/** Each task depends on one shortly before it and on the one ten before it: broad, deep and all queued. */
function stateOf(size: number): StoreState {
  const state = new StoreState();
  const records = sampleRecords(size, (_, index, all) => ({
    queued_at: '2025-01-01T00:00:00.000Z',
    depends_on: index < 10 ? [] : [all[index - 1 - (index % 7)], all[index - 10]].flatMap((task) => task?.id ?? []),
  }));
  for (const record of records) state.load(record);
  return state;
}

function walk(state: StoreState): { found: number; applied: number; scanned: number } {
  const found: number[] = [];
  const applied: number[] = [];
  const at = '2025-02-01T00:00:00.000Z';
  let [task] = queuedTasks(state, 1, { playing: false });
  for (let step = 0; step < STEPS; step += 1) {
    if (task === undefined) throw new Error('Nothing is ready, though not everything is done.');
    const { id, revision } = task;
    const operation = { op: 'set', id, rev: revision + 1, set: { status: 'completed' } } as const;
    applied.push(timedSync(() => state.apply(operation, at)) * 1_000);
    found.push(
      timedSync(() => {
        [task] = queuedTasks(state, 1, { playing: false });
      }) * 1_000,
    );
  }
  const scanned = timedSync(() => [...state.all()].filter((each) => isReady(each, (id) => state.byId(id)))) * 1_000;
  return { found: median(found), applied: median(applied), scanned };
}
