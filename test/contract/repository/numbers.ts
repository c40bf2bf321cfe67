import assert from 'node:assert/strict';
import { it } from 'node:test';
import { create, type MakeRepository, opened } from './bench.ts';

export function numbersContract(make: MakeRepository): void {
  it('assigns numbers 1, 2, 3 … in the order of creation, also to simultaneous creations', async (context) => {
    const { repository } = await opened(context, make);
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

  it('never reuses a number', async (context) => {
    const { repository } = await opened(context, make);
    const a = await repository.mutate('create', create('a'));
    await repository.mutate('delete', (draft) => draft.delete(a));
    const b = await repository.mutate('create', create('b'));
    assert.equal(repository.view.byId(b)?.number, 2);
  });
}
