import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { ForgottenTasks } from '../../../src/runtime/recovery/forgotten-tasks.ts';
import { recoverInterrupted } from '../../../src/runtime/recovery/interrupted.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

it('a task that a program left in progress without a lease is recovered after a minute of silence', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context) });
  context.after(() => store.close());
  let now = 0;
  const forgotten = new ForgottenTasks(store, { now: () => now });
  context.after(() => forgotten.dispose());
  const agents = createAgentCatalog();
  const recover = async (): Promise<number[]> =>
    (await recoverInterrupted(store, agents, silentLogger, forgotten)).map(({ number }) => number);
  const { id, number } = await store.createTask({ title: 'by a program' });
  await store.updateTask(id, { status: 'in_progress' });

  assert.deepEqual(await recover(), []);
  now += 59_000;
  assert.deepEqual(await recover(), []);
  const logged = new Promise<void>((resolve) => {
    const heard = store.on('task:log:added', ({ entry }) => {
      if (entry.message === 'Still at it') resolve();
    });
    context.after(() => heard.dispose());
  });
  await store.addLog(id, 'Still at it');
  await logged;
  now += 59_000;
  assert.deepEqual(await recover(), [], 'a line of its log is a sign of life');
  await store.updateTask(id, { labels: ['half'] });
  now += 59_000;
  assert.deepEqual(await recover(), [], 'and so is a change');
  assert.deepEqual(await recoverInterrupted(store, agents, silentLogger), [], 'a command that only reads cannot tell');
  now += 60_000;
  assert.deepEqual(await recover(), [number]);
  const { status, pause_reason } = store.resolve(id);
  assert.deepEqual([status, pause_reason], ['paused', 'interrupted']);
  await until('the log says so', async () => {
    const logs = await store.getTaskLogs(id);
    return logs.some(({ message }) => message === 'The program that ran this task is gone.');
  });
});
