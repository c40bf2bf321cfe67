import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { TaskPatch } from '../../../src/core/task/lifecycle.ts';
import type { Lease, TaskRecord } from '../../../src/core/task/schema.ts';
import { create, type MakeRepository, opened } from './bench.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

/** A lease that ends `second` seconds after the start. */
function lease(worker: string, second: number): Lease {
  const expires_at = new Date(START + second * 1000).toISOString();
  return { worker, host: 'here', pid: 1, started: '1', expires_at };
}

type Action = 'renew' | 'renew and measure' | 'edit' | 'renew with an edit' | 'change the worker' | 'release';

const actions: readonly Action[] = [
  'renew',
  'renew and measure',
  'edit',
  'renew with an edit',
  'change the worker',
  'release',
];

function patchOf(action: Action, worker: string, step: number): TaskPatch {
  switch (action) {
    case 'edit':
      return { labels: [`l${step}`] };
    case 'release':
      return { lease: undefined };
    case 'renew with an edit':
      return { lease: lease(worker, step), labels: [`l${step}`] };
    case 'renew and measure':
      return { lease: lease(worker, step), active_ms: step };
    default:
      return { lease: lease(worker, step) };
  }
}

export function renewalContract(make: MakeRepository): void {
  it('keeps revision and update time of a task whose lease is renewed', async (context) => {
    const { repository, changes } = await opened(context, make);
    const property = async (sequence: Action[]): Promise<void> => {
      const id = await repository.mutate('create', create('held'));
      const read = (): TaskRecord => repository.view.byId(id) as TaskRecord;
      let worker = 'worker_0';
      await repository.mutate('claim', (draft) => draft.patch(id, { lease: lease(worker, 0) }));
      for (const [index, action] of sequence.entries()) {
        const before = read();
        if (action === 'change the worker') worker = `worker_${index + 1}`;
        const patch = patchOf(action, worker, index + 1);
        const renews = (action === 'renew' || action === 'renew and measure') && before.lease?.worker === worker;
        const changed = action !== 'release' || before.lease !== undefined;
        const reported = changes.length;
        await repository.mutate(action, (draft) => draft.patch(id, patch));
        const after = read();
        assert.equal(after.revision, before.revision + (renews || !changed ? 0 : 1), action);
        if (renews) assert.equal(after.updated_at, before.updated_at);
        assert.equal(changes.length, reported + (changed ? 1 : 0), 'each change is reported once');
        if ('lease' in patch) assert.equal(after.lease?.expires_at, patch.lease?.expires_at);
        if ('active_ms' in patch) assert.equal(after.active_ms, patch.active_ms);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...actions), { maxLength: 12 }), property), {
      numRuns: 10,
    });
  });
}
