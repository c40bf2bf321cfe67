import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { MemoryRepository } from '../../src/store/memory/memory-repository.ts';
import { moveStore } from '../../src/store/move.ts';
import { create } from '../contract/repository/bench.ts';

async function opened(context: TestContext): Promise<MemoryRepository> {
  const repository = new MemoryRepository();
  await repository.open({ changed() {}, logged() {} });
  context.after(() => repository.close());
  return repository;
}

describe('moving a store that another process changes', () => {
  const changes: Readonly<Record<string, (from: MemoryRepository, id: TaskRecord['id']) => Promise<unknown>>> = {
    'a changed task': (from, id) => from.mutate('rename', (draft) => draft.patch(id, { title: 'changed' })),
    'a new task': (from) => from.mutate('create', create('new')),
    'a deleted task': (from, id) => from.mutate('delete', (draft) => draft.delete(id)),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`reports ${what}, which the copy would lack`, async (context) => {
      const [from, to] = [await opened(context), await opened(context)];
      const id = await from.mutate('create', create('one'));
      const implant = to.implant.bind(to);
      context.mock.method(to, 'implant', async (tasks: readonly TaskRecord[]) => {
        await implant(tasks);
        await change(from, id);
      });
      await assert.rejects(moveStore(from, to), { code: 'RevisionConflict', message: /source changed/ });
    });
  }
});
