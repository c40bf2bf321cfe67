import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { StoreState } from '../../../src/store/journal/state.ts';
import { QueryIndexes } from '../../../src/store/queries/query-indexes.ts';
import { pageOf, queryRecords, selectTasks, type TaskQuery } from '../../../src/store/queries/task-query.ts';

const at = '2024-01-01T00:00:00.000Z';

// Letters whose lower case is longer, shorter or depends on the next letter.
const word = fc.stringMatching(/^[abAB\u0130\u212a\u03a3\u{1F600}]{1,6}$/u);
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const change = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), text }),
  fc.record({ kind: fc.constant('delete' as const), which: fc.nat(20) }),
  fc.record({
    kind: fc.constant('set' as const),
    which: fc.nat(20),
    key: fc.constantFrom('title', 'instructions'),
    text,
  }),
  fc.record({ kind: fc.constant('labels' as const), which: fc.nat(20), labels: fc.array(word, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('many' as const), which: fc.nat(20) }),
);
const query: fc.Arbitrary<TaskQuery> = fc.record(
  {
    filter: fc.record({ search: fc.oneof(text, word, fc.constantFrom('#3', '#12', '')) }, { requiredKeys: [] }),
    sort: fc.constantFrom('title', '-title', 'number'),
    order: fc.constantFrom('asc' as const, 'desc' as const),
    limit: fc.integer({ min: 1, max: 7 }),
    page: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
);

function make(state: StoreState, step: typeof change extends fc.Arbitrary<infer T> ? T : never): void {
  if (step.kind === 'create') {
    const record = newTaskRecord({ title: step.text }, at);
    state.apply({ op: 'create', id: record.id, task: record }, at);
    return;
  }
  const tasks = [...state.all()];
  const task = tasks[step.which % Math.max(1, tasks.length)];
  if (task === undefined) return;
  const { id, revision } = task;
  if (step.kind === 'delete') state.apply({ op: 'delete', id }, at);
  else if (step.kind === 'labels') state.apply({ op: 'set', id, rev: revision + 1, set: { labels: step.labels } }, at);
  else if (step.kind === 'set') {
    state.apply({ op: 'set', id, rev: revision + 1, set: { [step.key]: step.text } }, at);
  } else {
    // More changes than a view remembers.
    for (let i = 1; i <= 300; i += 1) state.apply({ op: 'set', id, rev: revision + i, set: { title: `a${i}` } }, at);
  }
}

describe('indexes of titles and words', () => {
  it('match a scan of all tasks, in the same order, after any changes', () => {
    const steps = fc.array(fc.oneof({ weight: 3, arbitrary: change }, query), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.array(query, { minLength: 1, maxLength: 3 }), (all, often) => {
        const state = new StoreState();
        const indexes = new QueryIndexes(state, 0);
        for (const step of all) {
          if ('kind' in step) make(state, step);
          for (const asked of 'kind' in step ? often : [step, ...often]) {
            const page = pageOf(selectTasks(state, asked, indexes), asked);
            assert.deepEqual(page, queryRecords([...state.all()], asked));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('read only the tasks that may match, from the second search on', () => {
    const state = new StoreState();
    for (let i = 0; i < 100; i += 1) make(state, { kind: 'create', text: i === 70 ? 'the parser' : `task ${i}` });
    const indexes = new QueryIndexes(state, 0);
    assert.equal(indexes.mentioning('parser'), undefined, 'a single search makes no index');
    assert.equal(indexes.mentioning('Parser')?.length, 1);
    assert.equal(indexes.mentioning('pa'), undefined, 'too short to tell');
    assert.ok(indexes.bytes > 0);
  });

  it('change no list that was found before', () => {
    const state = new StoreState();
    for (const text of ['b', 'd']) make(state, { kind: 'create', text });
    const indexes = new QueryIndexes(state, 0);
    const titles = () => indexes.sorted({ sort: 'title' });
    titles();
    const before = titles();
    for (const text of ['a', 'c']) make(state, { kind: 'create', text });
    const after = titles();
    make(state, { kind: 'delete', which: 0 });
    assert.deepEqual(
      [before, after, titles()].map((list) => list?.map(({ title }) => title).join('')),
      ['bd', 'abcd', 'acd'],
    );
  });

  it('are not made for few tasks', () => {
    const state = new StoreState();
    make(state, { kind: 'create', text: 'a task' });
    const indexes = new QueryIndexes(state);
    for (let i = 0; i < 3; i += 1) assert.equal(indexes.mentioning('task'), undefined);
  });
});
