import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { MAX_TASK_NUMBER } from '../../../src/core/task/number.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import type { JournaledRepository } from '../../../src/store/engine/journaled-repository.ts';
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

  it('continues although a task from elsewhere has the largest number', async (context) => {
    const { repository } = await opened(context, make);
    await repository.mutate('create', create('a'));
    for (const number of [MAX_TASK_NUMBER, MAX_TASK_NUMBER - 1]) {
      const record = newTaskRecord({ title: `${number}` }, new Date(0).toISOString());
      await (repository as JournaledRepository).implant([{ ...record, number, revision: 1 } as TaskRecord]);
    }
    for (const title of ['b', 'c']) await repository.mutate('create', create(title));
    assert.deepEqual(
      [...repository.view.all()].map(({ number, title }) => [number, title]),
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [MAX_TASK_NUMBER - 1, `${MAX_TASK_NUMBER - 1}`],
        [MAX_TASK_NUMBER, `${MAX_TASK_NUMBER}`],
      ],
    );
  });
}
