import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPartId } from '../../src/core/task/id.ts';
import { atWorkByAgent } from '../../src/core/task/ready.ts';
import { claim } from '../../src/core/task/run.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a claim is decided again if another process claimed since it counted the slots', async (context) => {
  const folder = tempFolder(context);
  // Neither notices by itself what the other does: each decides on what it knew last.
  const stores = [
    await TaskStore.open({ folder, watch: false }),
    await TaskStore.open({ folder, watch: false }),
  ] as const;
  context.after(() => Promise.all(stores.map((store) => store.close())));
  const [first] = stores;
  const counts: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const tasks = await Promise.all(['a', 'b'].map((title) => first.createTask({ tool: 'SHELL', title })));
    await Promise.all(stores.map((store) => store.refresh()));
    const claimed = await Promise.all(
      stores.map((store, index) =>
        store.transact('test.claim', (draft) => {
          const task = draft.require(tasks[index]?.id ?? '');
          draft.guardClaims();
          if ((atWorkByAgent(draft).get('SHELL') ?? 0) > 0) return false;
          const { at } = draft;
          const lease = { worker: `worker_${index}`, host: 'here', pid: 1, started: '1', expires_at: at };
          const queued = draft.patch(task.id, requestStart(task, at));
          const execution = { id: newPartId('execution'), agent: 'SHELL', worker: lease.worker, started_at: at };
          draft.patch(task.id, claim(queued, lease, execution, at));
          return true;
        }),
      ),
    );
    counts.push(claimed.filter(Boolean).length);
    await first.refresh();
    await first.transact('test.release', (draft) => {
      for (const { id } of tasks) draft.patch(id, { lease: undefined });
    });
  }
  assert.deepEqual(counts, Array(20).fill(1));
});
