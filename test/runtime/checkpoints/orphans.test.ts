import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { checkpointRef } from '../../../src/core/task/checkpoint.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { gc } from '../../../src/operations/store/gc.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { createCheckpoint } from '../../../src/runtime/checkpoints/create.ts';
import { orphanCheckpoints } from '../../../src/runtime/checkpoints/orphans.ts';
import { expireKept } from '../../../src/runtime/worktrees/remove.ts';
import { findRepository } from '../../../src/runtime/worktrees/repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { operationContext, type WorktreeBench, worktreeBench } from '../worktrees/bench.ts';

const DAY_MS = 24 * 60 * 60_000;
const refs = (bench: WorktreeBench): string =>
  bench.repository.git('for-each-ref', '--format=%(refname)', 'refs/systemprompt');

/** As every face has it. */
async function checkpointed(bench: WorktreeBench): Promise<TaskRecord> {
  const task = await bench.done({ 'a.txt': 'changed\n' });
  await createCheckpoint(bench, bench.now(task), { kind: 'manual', message: 'kept' });
  return bench.now(task);
}

/** As they will be in so many days. */
const orphansIn = async (bench: WorktreeBench, days: number): Promise<string[]> =>
  (await orphanCheckpoints(bench, Date.now() + days * DAY_MS)).map(({ taskId }) => taskId);

describe('checkpoints of a deleted task', () => {
  it('are kept for 30 days under a separate ref', async (context) => {
    const bench = await worktreeBench(context);
    const task = await checkpointed(bench);
    const { commit } = task.checkpoints?.[0] ?? assert.fail();
    await taskDelete.run(operationContext(bench), { tasks: [task.id] });
    const [kept = '', ...more] = refs(bench)
      .split('\n')
      .filter((ref) => ref.includes('checkpoint'));
    assert.match(kept, /^refs\/systemprompt\/discarded\/1-checkpoint-1-\d{13}$/);
    assert.deepEqual([bench.repository.git('rev-parse', kept), more], [commit, []]);
    const repository = await findRepository(bench.repository.folder);
    assert.ok(!('reason' in repository));
    await expireKept(repository, Date.now() + 29 * DAY_MS);
    assert.ok(refs(bench).includes(kept));
    await expireKept(repository, Date.now() + 31 * DAY_MS);
    assert.equal(refs(bench), '');
  });

  it('are removed by gc after 30 days, also after an interrupted deletion or one by a program', async (context) => {
    const bench = await worktreeBench(context);
    const [task, other] = [await checkpointed(bench), await checkpointed(bench)];
    assert.deepEqual(await orphansIn(bench, 31), []);
    await bench.store.deleteTask(task.id);
    assert.deepEqual([await orphansIn(bench, 29), await orphansIn(bench, 31)], [[], [task.id]]);
    for (const orphan of await orphanCheckpoints(bench, Date.now() + 31 * DAY_MS)) await orphan.remove();
    assert.equal(refs(bench), checkpointRef(other.id, 1));
  });

  it('are listed by gc before it removes them', async (context) => {
    const bench = await worktreeBench(context);
    const task = await checkpointed(bench);
    await bench.store.deleteTask(task.id);
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 31 * DAY_MS });
    const told = await gc.run(operationContext(bench), {});
    const [item] = told.items.filter(({ kind }) => kind === 'checkpoints');
    assert.equal(item?.what, `${task.id}: a checkpoint of a deleted task`);
    assert.equal(refs(bench), checkpointRef(task.id, 1));
    await gc.run(operationContext(bench), { yes: true });
    assert.equal(refs(bench), '');
  });

  it('are kept if the task is archived, in quarantine or in another folder', async (context) => {
    const bench = await worktreeBench(context);
    const [archived, aside, foreign] = [
      await checkpointed(bench),
      await checkpointed(bench),
      await checkpointed(bench),
    ];
    await bench.store.archive.add([archived.id]);
    const quarantine = join(bench.repository.folder, '.systemprompt/state/quarantine');
    mkdirSync(quarantine, { recursive: true });
    writeFileSync(join(quarantine, `1-${aside.id}.json`), '{');
    await bench.store.deleteTask(aside.id);
    assert.deepEqual(await orphansIn(bench, 31), []);
    const elsewhere = await otherFolder(context, bench);
    assert.deepEqual(await orphanCheckpoints({ ...bench, store: elsewhere }, Date.now() + 31 * DAY_MS), []);
    rmSync(join(quarantine, `1-${aside.id}.json`));
    await bench.store.deleteTask(foreign.id);
    assert.deepEqual((await orphansIn(bench, 31)).sort(), [aside.id, foreign.id].sort());
  });
});

/** A folder with tasks of its own in the same repository. */
async function otherFolder(context: TestContext, bench: WorktreeBench): Promise<TaskStore> {
  const folder = join(bench.repository.folder, 'dir');
  const store = await TaskStore.open({ folder, watch: false });
  context.after(() => store.close());
  return store;
}
