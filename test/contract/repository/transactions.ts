import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { create, entry, type MakeRepository, opened } from './bench.ts';

export function transactionContract(make: MakeRepository): void {
  it('increments the revision for each change and emits it once', async (context) => {
    const { repository, changes } = await opened(context, make);
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

  it('changes nothing when a mutation throws', async (context) => {
    const { repository, changes } = await opened(context, make);
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

  it('lets a mutation read its own changes', async (context) => {
    const { repository } = await opened(context, make);
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

  it('rejects a record that does not match the schema', async (context) => {
    const { repository } = await opened(context, make);
    const id = await repository.mutate('create', create('a'));
    await assert.rejects(
      repository.mutate('bad', (draft) => draft.patch(id, { progress: 400 })),
      { code: 'InvalidInput' },
    );
    assert.equal(repository.view.byId(id)?.revision, 1);
  });

  it('repeats a mutation on top of concurrent changes', async (context) => {
    const { repository } = await opened(context, make);
    const id = await repository.mutate('create', create('count'));
    const add = (): Promise<unknown> =>
      repository.mutate('add', (draft) => draft.patch(id, { labels: [...draft.require(id).labels, 'x'] }));
    await Promise.all(Array.from({ length: 20 }, add));
    assert.equal(repository.view.byId(id)?.labels.length, 20);
    assert.equal(repository.view.byId(id)?.revision, 21);
  });

  it('is unaffected by later changes to the objects of a caller', async (context) => {
    const { repository } = await opened(context, make);
    const labels = ['a'];
    const id = await repository.mutate('create', create('mine'));
    await repository.mutate('label', (draft) => draft.patch(id, { labels }));
    labels.push('b');
    assert.deepEqual(repository.view.byId(id)?.labels, ['a']);
  });

  it('rejects every call after close', async (context) => {
    const { repository } = await opened(context, make);
    const id = await repository.mutate('create', create('a'));
    await repository.close();
    await assert.rejects(repository.mutate('create', create('b')), { code: 'StoreClosed' });
    await assert.rejects(repository.appendLog(id, [entry('x')]), { code: 'StoreClosed' });
  });
}
