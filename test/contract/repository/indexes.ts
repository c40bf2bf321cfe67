import assert from 'node:assert/strict';
import { it } from 'node:test';
import { create, type MakeRepository, opened } from './bench.ts';

export function indexContract(make: MakeRepository): void {
  it('keeps its indexes correct through changes and deletion', async (context) => {
    const { repository } = await opened(context, make);
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
}
