import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { Checkpoints, TaskError } from '../../../src/index.ts';
import { bench } from '../../operations/context.ts';
import { testRepository } from '../worktrees/repository.ts';

it('the calls of the specification work on a failed task (F217–F220)', async (context) => {
  const host = await bench(context);
  const { store } = host;
  const repository = testRepository(store.folder);
  repository.commit({ 'a.txt': 'one\n', '.gitignore': '.systemprompt\n' });
  const { id } = await store.createTask({ title: 'Do it', tool: 'OPENCODE', isolation: 'none' });
  const tm = new Checkpoints(host);

  // Automatic checkpointing during long tasks
  await tm.enableAutoCheckpoint(id, 15);
  assert.equal(store.resolve(id).checkpoint_minutes, 15);
  assert.equal(await tm.getLatestCheckpoint(id), null);

  // Manual checkpoint at safe points
  await store.updateTask(id, { status: 'in_progress' });
  await store.transact('test', (draft) => {
    const execution = { id: 'e', agent: 'X', worker: 'w', session_id: 'ses_1', started_at: draft.at };
    draft.patch(id, { executions: [execution] });
  });
  const made = await tm.createCheckpoint(id, 'Completed database setup');
  writeFileSync(join(repository.folder, 'a.txt'), 'broken\n');
  await store.updateTask(id, { status: 'failed', error: 'it broke' });

  // Resume from checkpoint if task fails
  const latest = await tm.getLatestCheckpoint(id);
  assert.deepEqual([latest?.id, latest?.message, latest?.id], [made.id, 'Completed database setup', 1]);
  const resumed = await tm.resumeFromCheckpoint(id, latest?.id ?? 0);
  assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'one\n');
  assert.equal(resumed.status, 'pending');
  assert.ok(resumed.queued_at);
  assert.deepEqual(resumed.restored, {
    checkpoint: 1,
    message: 'Completed database setup',
    session_id: 'ses_1',
  });
  assert.equal(host.ensured(), 1);
  await assert.rejects(tm.resumeFromCheckpoint(id, 9), (error) => TaskError.is(error, 'CheckpointNotFound'));
});
