import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { newTaskRecord } from '../../src/core/task/create.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import type { Draft } from '../../src/store/journal/draft.ts';
import type { Change } from '../../src/store/journal/state.ts';
import type { StoreView } from '../../src/store/journal/view.ts';
import type { Repository } from '../../src/store/repository.ts';

/** Makes an empty repository, opened by the test. */
export type MakeRepository = (context: TestContext) => Repository;

const create =
  (title: string, extra: { dependsOn?: TaskRecord['id'][] } = {}) =>
  (draft: Draft): TaskRecord['id'] => {
    const record = newTaskRecord({ title, ...extra }, draft.at);
    draft.create(record);
    return record.id;
  };

/** What every repository must do: run on the file repository and on whatever stands in for it. */
export function repositoryContract(name: string, make: MakeRepository): void {
  describe(`repository contract: ${name}`, () => {
    const opened = async (context: TestContext): Promise<{ repository: Repository; changes: Change[] }> => {
      const repository = make(context);
      const changes: Change[] = [];
      await repository.open({ changed: (more) => changes.push(...more), logged: () => {} });
      context.after(() => repository.close());
      return { repository, changes };
    };

    it('gives numbers 1, 2, 3 … in the order of creation, also to creations at the same moment', async (context) => {
      const { repository } = await opened(context);
      const ids = await Promise.all(Array.from({ length: 50 }, (_, i) => repository.mutate('create', create(`t${i}`))));
      const numbers = ids.map((id) => repository.view.byId(id)?.number ?? 0);
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
      assert.deepEqual(
        [...repository.view.all()].map((task) => task.number),
        numbers.toSorted((a, b) => a - b),
      );
    });

    it('counts a revision for each change and tells of it once', async (context) => {
      const { repository, changes } = await opened(context);
      const id = await repository.mutate('create', create('one'));
      await repository.mutate('label', (draft) => draft.patch(id, { labels: ['a'] }));
      assert.equal(repository.view.byId(id)?.revision, 2);
      assert.deepEqual(
        changes.map((change) => change.kind),
        ['created', 'updated'],
      );
      await repository.mutate('label', (draft) => draft.patch(id, { labels: ['a'] }));
      assert.equal(repository.view.byId(id)?.revision, 2, 'a change that changes nothing is none');
    });

    it('does nothing at all when a mutation throws', async (context) => {
      const { repository, changes } = await opened(context);
      await assert.rejects(
        repository.mutate('bad', (draft) => {
          create('never')(draft);
          throw new TaskError('InvalidInput', 'no');
        }),
        { code: 'InvalidInput' },
      );
      assert.equal(repository.view.size, 0);
      assert.equal(changes.length, 0);
    });

    it('shows a mutation what it has done itself', async (context) => {
      const { repository } = await opened(context);
      await repository.mutate('chain', (draft) => {
        const a = create('a')(draft);
        const b = create('b', { dependsOn: [a] })(draft);
        draft.patch(a, { status: 'cancelled' });
        assert.equal(draft.byId(a)?.status, 'cancelled');
        assert.deepEqual(
          [...draft.dependents(a)].map((task) => task.id),
          [b],
        );
        assert.deepEqual(
          [...draft.byStatus('cancelled')].map((task) => task.id),
          [a],
        );
        assert.equal([...draft.all()].length, 2);
      });
      assert.deepEqual(
        [...repository.view.all()].map((task) => [task.title, task.status, task.revision]),
        [
          ['a', 'cancelled', 1],
          ['b', 'pending', 1],
        ],
      );
    });

    it('keeps its indexes right through changes and deletion', async (context) => {
      const { repository } = await opened(context);
      const a = await repository.mutate('create', create('a'));
      const b = await repository.mutate('create', create('b', { dependsOn: [a] }));
      await repository.mutate('move', (draft) =>
        draft.patch(b, { status: 'paused', pause_reason: 'person', parent_id: a }),
      );
      assert.deepEqual(
        [...repository.view.byStatus('paused')].map((task) => task.id),
        [b],
      );
      assert.deepEqual(
        [...repository.view.children(a)].map((task) => task.id),
        [b],
      );
      assert.equal(repository.view.count('pending'), 1);
      const lease = { worker: 'w', host: 'h', pid: 1, started: '1', expires_at: '2030-01-01T00:00:00.000Z' };
      await repository.mutate('claim', (draft) => {
        draft.patch(b, { lease });
        assert.deepEqual(
          [...draft.leased()].map(({ id }) => id),
          [b],
        );
      });
      assert.deepEqual(
        [...repository.view.leased()].map(({ id }) => id),
        [b],
      );
      await repository.mutate('release', (draft) => {
        draft.patch(b, { lease: undefined });
        assert.deepEqual([...draft.leased()], []);
      });
      assert.deepEqual([...repository.view.leased()], []);
      await repository.mutate('delete', (draft) => draft.delete(b));
      assert.deepEqual([...repository.view.dependents(a)], []);
      assert.deepEqual([...repository.view.children(a)], []);
      assert.equal(repository.view.count('paused'), 0);
      assert.equal(repository.view.byNumber(2), undefined);
    });

    it('never gives a number twice', async (context) => {
      const { repository } = await opened(context);
      const a = await repository.mutate('create', create('a'));
      await repository.mutate('delete', (draft) => draft.delete(a));
      const b = await repository.mutate('create', create('b'));
      assert.equal(repository.view.byId(b)?.number, 2);
    });

    it('refuses a record that does not fit the schema', async (context) => {
      const { repository } = await opened(context);
      const id = await repository.mutate('create', create('a'));
      await assert.rejects(
        repository.mutate('bad', (draft) => draft.patch(id, { progress: 400 })),
        { code: 'InvalidInput' },
      );
      assert.equal(repository.view.byId(id)?.revision, 1);
    });

    it('keeps log entries in order and gives them by page', async (context) => {
      const { repository } = await opened(context);
      const id = await repository.mutate('create', create('a'));
      const entries = Array.from({ length: 25 }, (_, i) => ({
        timestamp: new Date(i).toISOString(),
        level: 'info' as const,
        type: 'output' as const,
        message: `line ${i} ünï\u2028`,
      }));
      await Promise.all([repository.appendLog(id, entries.slice(0, 10)), repository.appendLog(id, entries.slice(10))]);
      assert.equal(await repository.countLog(id), 25);
      const last = await repository.readLog(id, { limit: 10 });
      assert.deepEqual(last.entries, entries.slice(15));
      const before = await repository.readLog(id, { before: last.start, limit: 10 });
      assert.deepEqual(before.entries, entries.slice(5, 15));
      const first = await repository.readLog(id, { after: 0, limit: 7 });
      assert.deepEqual(first.entries, entries.slice(0, 7));
      const second = await repository.readLog(id, { after: first.next, limit: 100 });
      assert.deepEqual(second.entries, entries.slice(7));
      assert.deepEqual((await repository.readLog(id, { after: second.next })).entries, []);
    });

    it('archives tasks and brings them back with number, id and log', async (context) => {
      const { repository, changes } = await opened(context);
      const a = await repository.mutate('create', create('a'));
      const b = await repository.mutate('create', create('b', { dependsOn: [a] }));
      const entry = { timestamp: new Date(0).toISOString(), level: 'info', type: 'output', message: 'x' } as const;
      await repository.appendLog(a, [entry]);
      const pick = (view: StoreView): TaskRecord[] => [view.byId(a)].filter((task) => task !== undefined);
      const [archived] = await repository.archive.add(pick);
      assert.equal(archived?.id, a);
      assert.deepEqual([repository.view.size, repository.view.byId(a)], [1, undefined]);
      assert.equal(repository.view.dependency(a)?.title, 'a', 'b depends on it');
      assert.equal(repository.view.dependency(b)?.title, 'b');
      const [name] = await repository.archive.names();
      assert.deepEqual(name, { id: a, number: 1 });
      assert.equal((await repository.archive.read({ id: a, number: 1 }))?.title, 'a');
      assert.deepEqual((await repository.readLog(a, {})).entries, [entry]);
      await repository.archive.restore([{ id: a, number: 1 }]);
      assert.deepEqual(await repository.archive.names(), []);
      assert.deepEqual(
        [...repository.view.all()].map((task) => task.number),
        [1, 2],
      );
      assert.deepEqual((await repository.readLog(a, {})).entries, [entry]);
      assert.deepEqual(
        changes.map(({ kind }) => kind),
        ['created', 'created', 'deleted', 'created'],
      );
      await assert.rejects(repository.archive.restore([{ id: a, number: 1 }]), { code: 'TaskNotFound' });
    });
  });
}
