import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import type { StoreView } from '../../../src/store/journal/view.ts';
import { create, type MakeRepository, opened } from './bench.ts';

export function archiveContract(make: MakeRepository): void {
  it('archives tasks and restores them with number, id and log', async (context) => {
    const { repository, changes } = await opened(context, make);
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

  it('restores a group that follows the parts that are left', async (context) => {
    const { repository } = await opened(context, make);
    const group = newTaskRecord({ title: 'group', kind: 'group', labels: ['kept'] }, new Date(0).toISOString());
    await repository.mutate('create', (draft) => draft.create(group));
    const done = await repository.mutate('create', create('done', { parentId: group.id }));
    const left = await repository.mutate('create', create('left', { parentId: group.id }));
    await repository.mutate('end', (draft) => {
      draft.patch(done, { status: 'completed' });
      draft.patch(left, { status: 'cancelled' });
    });
    await repository.archive.add((view) => [...view.all()]);
    await repository.archive.delete([done]);
    await repository.archive.restore((await repository.archive.names()).filter(({ id }) => id !== done));
    const { title, labels, status, number } = repository.view.byId(group.id) ?? {};
    assert.deepEqual(
      { title, labels, status, number },
      { title: 'group', labels: ['kept'], status: 'cancelled', number: 1 },
    );
    assert.deepEqual(await repository.archive.names(), []);
  });
}
