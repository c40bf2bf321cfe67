import { taskStatuses } from '../src/core/task/schema.ts';
import { StoreState } from '../src/store/journal/state.ts';
import { QueryIndexes } from '../src/store/queries/query-indexes.ts';
import { pageOf, selectTasks, type TaskQuery } from '../src/store/queries/task-query.ts';
import { alternate, type Benchmark, timedSync, under } from './kit.ts';
import { sampleRecords } from './samples.ts';

const COUNT = 100_000;
const LIMIT = 50;
const ROUNDS = 41;

const queries: readonly (TaskQuery & { readonly name: string })[] = [
  { name: 'status, by priority and age', filter: { status: 'pending' }, sort: '-priority,created_at' },
  { name: 'project and label, latest first', filter: { project: 'project-7', label: 'bug' }, sort: '-updated_at' },
  { name: 'everything, by title', sort: 'title' },
  { name: 'words in the text', filter: { search: 'lexer parser' }, sort: '-priority' },
];

/** The first page of a large list beside filter, sort and slice of an array of the same tasks. */
export const page: Benchmark = {
  name: 'page',
  measures: `filter, sort and first page of ${COUNT} tasks`,
  async run(print) {
    const records = sampleRecords(COUNT, (_, index) => ({
      status: taskStatuses[index % taskStatuses.length] ?? 'pending',
    }));
    const state = new StoreState();
    // As they come from files: each record with texts and arrays of its own.
    for (const record of records) state.load(JSON.parse(JSON.stringify(record)));
    const indexes = new QueryIndexes(state);
    for (const { name, ...query } of queries) {
      let found = 0;
      const whole = pageOf(selectTasks(state, query), query).records.slice(0, LIMIT);
      // The second query of a kind makes its index.
      const making = timedSync(() => {
        for (let i = 0; i < 2; i += 1) selectTasks(state, query, indexes);
      });
      const pair = await alternate(
        ROUNDS,
        () =>
          timedSync(() => {
            found = pageOf(selectTasks(state, query, indexes), { ...query, limit: LIMIT }).records.length;
          }),
        () => timedSync(() => [...state.all()].sort((a, b) => b.number - a.number).slice(0, LIMIT)),
      );
      if (found !== whole.length) throw new Error(`A page of ${found} tasks instead of ${whole.length}.`);
      print({
        name: `page: ${name}`,
        value: pair.ours,
        unit: 'ms',
        limit: { what: 'all of them sorted by number alone', value: pair.limit },
        ratio: pair.ratio,
        target: under(5, 'ms', pair.ours),
        note: `the first two took ${making.toFixed(0)} ms`,
      });
    }
    const perTask = indexes.bytes / COUNT;
    print({
      name: 'memory of the indexes, per task',
      value: perTask,
      unit: 'bytes',
      limit: { what: 'signature and order', value: 136 },
      ratio: perTask / 136,
      target: under(300, 'bytes', perTask),
    });
  },
};
