import { checkDependencies } from '../src/core/graph/dependencies.ts';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { alternate, type Benchmark, timedSync, under } from './kit.ts';
import { sampleRecords } from './samples.ts';

const COUNT = 10_000;
const ROUNDS = 21;

/** Is there a circle? Asked for a task that everything leads to, beside a bare visit of the same tasks. */
export const dependencies: Benchmark = {
  name: 'dependencies',
  measures: `checking ${COUNT} dependencies, wide and in one long chain`,
  async run(print) {
    const shapes = {
      'in one chain': (index: number) => (index === 0 ? [] : [index - 1]),
      'five each': (index: number) => [1, 2, 4, 8, 16].map((step) => index - step).filter((i) => i >= 0),
    };
    for (const [name, shape] of Object.entries(shapes)) {
      const count = name === 'five each' ? COUNT / 5 : COUNT;
      const records = sampleRecords(count, (_, index, all) => ({
        depends_on: shape(index).flatMap((i) => all[i]?.id ?? []),
      }));
      const byId = new Map<string, TaskRecord>(records.map((record) => [record.id, record]));
      const last = records.at(-1);
      if (last === undefined) return;
      const pair = await alternate(
        ROUNDS,
        () => timedSync(() => checkDependencies({ id: 'task_new', title: 'New' }, [last.id], (id) => byId.get(id))),
        () =>
          timedSync(() => {
            const seen = new Set<string>();
            for (const { depends_on } of byId.values()) for (const id of depends_on) if (byId.has(id)) seen.add(id);
          }),
      );
      print({
        name: `${COUNT} dependencies ${name}`,
        value: pair.ours,
        unit: 'ms',
        limit: { what: 'one visit of each', value: pair.limit },
        ratio: pair.ratio,
        target: under(50, 'ms', pair.ours),
      });
    }
  },
};
