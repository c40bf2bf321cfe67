import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { priorities, taskStatuses } from '../../../src/core/task/schema.ts';
import { sortKeys } from '../../../src/core/task/sort.ts';
import { StoreState } from '../../../src/store/journal/state.ts';
import type { StoreView } from '../../../src/store/journal/view.ts';
import { QueryCache } from '../../../src/store/queries/query-cache.ts';
import {
  pageOf,
  queryRecords,
  type RecordPage,
  selectTasks,
  type TaskQuery,
} from '../../../src/store/queries/task-query.ts';

const queryTasks = (view: StoreView, query: TaskQuery): RecordPage => pageOf(selectTasks(view, query), query);

const at = '2024-01-01T00:00:00.000Z';

/** Any change of any task, by the place of the task in the list of those that there are. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), title: fc.string({ minLength: 1, maxLength: 5 }) }),
  fc.record({ kind: fc.constant('delete' as const), which: fc.nat(50) }),
  fc.record({ kind: fc.constant('archive' as const), which: fc.nat(50) }),
  fc.record({ kind: fc.constant('restore' as const) }),
  fc.record({ kind: fc.constant('status' as const), which: fc.nat(50), status: fc.constantFrom(...taskStatuses) }),
  fc.record({ kind: fc.constant('priority' as const), which: fc.nat(50), priority: fc.constantFrom(...priorities) }),
  fc.record({ kind: fc.constant('project' as const), which: fc.nat(50), project: fc.constantFrom('p', 'q') }),
  fc.record({ kind: fc.constant('labels' as const), which: fc.nat(50), labels: fc.subarray(['x', 'y']) }),
);
type AnyChange = typeof change extends fc.Arbitrary<infer T> ? T : never;

const query: fc.Arbitrary<TaskQuery> = fc.record(
  {
    filter: fc.record(
      {
        status: fc.oneof(fc.constantFrom(...taskStatuses), fc.subarray([...taskStatuses])),
        priority: fc.constantFrom(...priorities),
        project: fc.constantFrom('p', 'q'),
        label: fc.oneof(fc.constantFrom('x', 'y'), fc.subarray(['x', 'y'])),
        search: fc.constantFrom('a', '#3', 'nothing'),
      },
      { requiredKeys: [] },
    ),
    sort: fc.constantFrom('number', 'priority,created_at', '-title', 'status'),
    order: fc.constantFrom('asc' as const, 'desc' as const),
    limit: fc.integer({ min: 1, max: 7 }),
    page: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
);

class Model {
  readonly state = new StoreState();
  private readonly archived: ReturnType<StoreState['all']> extends Iterable<infer T> ? T[] : never = [];

  make(step: AnyChange): void {
    const { state } = this;
    const tasks = [...state.all()];
    if (step.kind === 'create') {
      const record = newTaskRecord({ title: step.title.trim() || 'x' }, at);
      state.apply({ op: 'create', id: record.id, task: record }, at);
      return;
    }
    if (step.kind === 'restore') {
      const task = this.archived.pop();
      if (task !== undefined) state.apply({ op: 'restore', id: task.id, task }, at);
      return;
    }
    const task = tasks[step.which % Math.max(1, tasks.length)];
    if (task === undefined) return;
    const { id, revision } = task;
    if (step.kind === 'delete') state.apply({ op: 'delete', id }, at);
    else if (step.kind === 'archive') {
      this.archived.push(task);
      state.apply({ op: 'delete', id, archived: 't' }, at);
    } else {
      const { kind: _, which: __, ...set } = step;
      state.apply({ op: 'set', id, rev: revision + 1, set }, at);
    }
  }
}

describe('task lists', () => {
  it('from the cache equal a search after any changes (F111)', () => {
    const steps = fc.array(fc.oneof(change, query), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.array(query, { minLength: 1, maxLength: 3 }), (all, often) => {
        const model = new Model();
        const cache = new QueryCache(model.state);
        for (const step of all) {
          if ('kind' in step) model.make(step);
          for (const asked of 'kind' in step ? often : [step, ...often]) {
            assert.deepEqual(cache.query(asked), queryRecords([...model.state.all()], asked));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('from the cache are recomputed only after a change to a task inside or entering them (F111)', () => {
    const model = new Model();
    for (const title of ['a', 'b', 'c', 'd']) model.make({ kind: 'create', title });
    for (const which of [0, 1]) model.make({ kind: 'project', which, project: 'p' });
    let searches = 0;
    const { state } = model;
    const byProject = state.byProject.bind(state);
    state.byProject = (project) => {
      searches += 1;
      return byProject(project);
    };
    const cache = new QueryCache(state);
    const asked = { filter: { project: 'p' } };
    const searched = (): [searches: number, found: number] => {
      const { total, records } = cache.query(asked);
      assert.deepEqual(records, queryRecords([...state.all()], asked).records);
      return [searches, total];
    };
    assert.deepEqual(searched(), [1, 2]);
    for (const priority of ['high', 'low'] as const) model.make({ kind: 'priority', which: 3, priority });
    model.make({ kind: 'delete', which: 3 });
    model.make({ kind: 'create', title: 'e' });
    assert.deepEqual(searched(), [1, 2], 'others changed');
    model.make({ kind: 'priority', which: 0, priority: 'high' });
    assert.deepEqual(searched(), [2, 2], 'one of them changed');
    model.make({ kind: 'project', which: 2, project: 'p' });
    assert.deepEqual(searched(), [3, 3], 'one came in');
    model.make({ kind: 'project', which: 1, project: 'q' });
    assert.deepEqual(searched(), [4, 2], 'one went out');
    model.make({ kind: 'delete', which: 0 });
    assert.deepEqual(searched(), [5, 1], 'one was deleted');
    for (let i = 0; i < 400; i += 1) {
      model.make({ kind: 'priority', which: 0, priority: i % 2 === 0 ? 'high' : 'low' });
    }
    assert.deepEqual(searched(), [6, 1], 'more changed than is remembered');
    const fresh = new StoreState();
    fresh.load({ ...newTaskRecord({ title: 'z', project: 'p' }, at), number: 9, revision: 1 } as never);
    state.adopt(fresh);
    assert.equal(cache.query(asked).records[0]?.title, 'z', 'all was read again');
  });

  it('paged by cursor neither repeat nor skip a task that existed throughout (F112)', () => {
    const orders = fc.record({
      sort: fc.constantFrom('number', 'created_at', '-title', 'title,number'),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      limit: fc.integer({ min: 1, max: 4 }),
    });
    const creations = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(creations, orders, fc.array(change, { maxLength: 30 }), (titles, order, changes) => {
        const model = new Model();
        for (const title of titles) model.make({ kind: 'create', title });
        let always = new Set<string>([...model.state.all()].map((task) => task.id));
        const seen: string[] = [];
        let cursor: string | undefined;
        const waiting = [...changes];
        do {
          const page = queryTasks(model.state, { ...order, ...(cursor === undefined ? {} : { cursor }) });
          seen.push(...page.records.map((task) => task.id));
          cursor = page.cursor;
          for (const step of waiting.splice(0, 3)) {
            model.make(step);
            always = new Set([...always].filter((id) => model.state.byId(id) !== undefined));
          }
        } while (cursor !== undefined);
        assert.equal(new Set(seen).size, seen.length, 'none twice');
        for (const id of always) assert.ok(seen.includes(id), `#${model.state.byId(id)?.number} was skipped`);
      }),
      { numRuns: 300 },
    );
  });

  it('paged by cursor are complete for any order and filter during changes (F112)', () => {
    const keys = sortKeys.flatMap((key) => [key, `-${key}`]);
    const lists = fc.record({
      filter: fc.constantFrom({}, { search: 'a' }, { project: 'p' }, { label: 'x' }, { status: 'pending' as const }),
      sort: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join()),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      limit: fc.integer({ min: 1, max: 4 }),
    });
    const comings = change.filter(({ kind }) => ['create', 'delete', 'archive', 'restore'].includes(kind));
    const before = fc.array(change, { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(before, lists, fc.array(comings, { maxLength: 12 }), (steps, list, meanwhile) => {
        const model = new Model();
        for (const title of ['a', 'ab', 'b', 'a', 'c']) model.make({ kind: 'create', title });
        for (const step of steps) model.make(step);
        let always = [...queryRecords([...model.state.all()], { ...list, limit: undefined }).records];
        const seen: string[] = [];
        const waiting = [...meanwhile];
        let cursor: string | undefined;
        do {
          const page = queryTasks(model.state, { ...list, cursor });
          seen.push(...page.records.map(({ id }) => id));
          cursor = page.cursor;
          for (const step of waiting.splice(0, 2)) model.make(step);
          always = always.filter(({ id }) => model.state.byId(id) !== undefined || seen.includes(id));
        } while (cursor !== undefined);
        assert.equal(new Set(seen).size, seen.length, 'none twice');
        const left = new Set(always.map(({ id }) => id as string));
        assert.deepEqual(
          seen.filter((id) => left.has(id)),
          [...left],
          'those that stayed, in order',
        );
      }),
      { numRuns: 300 },
    );
  });

  it('reject a cursor of another list and an invalid one', () => {
    const model = new Model();
    for (const title of ['a', 'b', 'c']) model.make({ kind: 'create', title });
    const { cursor } = queryTasks(model.state, { limit: 2 });
    assert.ok(cursor !== undefined);
    assert.throws(() => queryTasks(model.state, { limit: 2, cursor, sort: 'title' }), { code: 'InvalidInput' });
    assert.throws(() => queryTasks(model.state, { limit: 2, cursor: 'abc' }), { code: 'InvalidInput' });
    assert.equal(queryTasks(model.state, { limit: 2, cursor }).cursor, undefined);
  });
});
