import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { transition } from '../../../src/core/task/lifecycle.ts';
import { quietMark } from '../../../src/runtime/conversation/quiet-mark.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { leaseOf } from '../../core/fixtures.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('the silence of an agent is stored while its run works on the task', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context) });
  context.after(() => store.close());
  const { id: taskId } = await store.createTask({ title: 'quiet' });
  await store.transact('test', (draft) =>
    draft.patch(taskId, {
      ...transition(draft.require(taskId), 'in_progress', { at: draft.at }),
      lease: leaseOf('w1'),
    }),
  );
  const since = (): string | undefined => store.view.byId(taskId)?.quiet_since;
  const other = quietMark({ store, logger: silentLogger, worker: 'w2', taskId });
  const own = quietMark({ store, logger: silentLogger, worker: 'w1', taskId });
  await other(600_000);
  assert.equal(since(), undefined, 'the task is not of that worker');
  const before = Date.now();
  await own(300_000);
  const quietMs = before - Date.parse(since() ?? '');
  assert.ok(quietMs <= 300_000 && quietMs >= 300_000 - (Date.now() - before), `${quietMs}`);
  await own(undefined);
  assert.equal(since(), undefined);
  await store.transact('test', (draft) =>
    draft.patch(taskId, transition(draft.require(taskId), 'paused', { at: draft.at })),
  );
  await own(300_000);
  assert.equal(since(), undefined, 'a paused task is not quiet');
});
