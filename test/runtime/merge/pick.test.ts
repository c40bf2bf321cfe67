import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { mergeParts } from '../../../src/runtime/merge/merge-parts.ts';
import { pickInDraft, settlePick } from '../../../src/runtime/merge/pick.ts';
import { type WorktreeBench, worktreeBench } from '../worktrees/bench.ts';

interface RaceBench extends WorktreeBench {
  race(): TaskRecord;
  entrant(files: Readonly<Record<string, string>>): Promise<TaskRecord>;
  pick(entrant: TaskRecord): Promise<void>;
}

async function raceBench(context: TestContext): Promise<RaceBench> {
  const bench = await worktreeBench(context);
  const { id } = await bench.store.createTask({ title: 'Whole', kind: 'group' });
  await bench.store.transact('test.race', (draft) => void draft.patch(id, { race: {} }));
  return {
    ...bench,
    race: () => bench.store.resolve(id),
    entrant: (files) => bench.done(files, { title: 'Entrant', parentId: id }),
    pick: (entrant) =>
      bench.store.transact('test.pick', (draft) => pickInDraft(draft, draft.require(id), draft.require(entrant.id))),
  };
}

it('the results of a race are not combined', async (context) => {
  const bench = await raceBench(context);
  const first = await bench.entrant({ 'one.txt': '1\n' });
  await assert.rejects(mergeParts(bench, bench.race()), { code: 'IllegalTransition', message: /is a race/ });
  assert.equal(bench.now(first).workspace?.merged_at, undefined);
});

describe('settling a pick', () => {
  it('takes work that conflicts with your branch, and leaves the conflict to the merge', async (context) => {
    const bench = await raceBench(context);
    const first = await bench.entrant({ 'b.txt': 'first\n' });
    const second = await bench.entrant({ 'b.txt': 'second\n' });
    bench.repository.commit({ 'b.txt': 'mine\n' });
    await bench.pick(first);
    await settlePick(bench, bench.race());
    const { workspace } = bench.race();
    assert.equal(bench.repository.git('show', `${workspace?.branch}:b.txt`), 'first');
    assert.equal(workspace?.base_commit, first.workspace?.base_commit);
    assert.ok(bench.now(second).workspace?.discarded_ref !== undefined);
    await assert.rejects(mergeTask(bench, bench.race(), { form: 'merge' }), { code: 'MergeConflict' });
  });

  it('completes the race once the result is on its branch, for tasks that depend on it', async (context) => {
    const bench = await raceBench(context);
    const first = await bench.entrant({ 'one.txt': '1\n' });
    assert.equal(bench.race().status, 'paused');
    await bench.pick(first);
    assert.equal(bench.race().status, 'in_progress');
    await settlePick(bench, bench.race());
    assert.deepEqual([bench.race().status, bench.race().progress], ['completed', 100]);
    const after = await bench.done({ 'after.txt': 'x\n' }, { title: 'After', dependsOn: [bench.race().id] });
    assert.equal(bench.repository.git('show', `${after.workspace?.branch}:one.txt`), '1');
  });

  it('is done by the worker for an entrant whose session ends after the pick', async (context) => {
    const bench = await raceBench(context);
    const first = await bench.entrant({ 'one.txt': '1\n' });
    await bench.pick(first);
    await bench.worktrees.settle(first.id);
    assert.equal(bench.race().status, 'completed');
    assert.equal(bench.repository.git('show', `${bench.race().workspace?.branch}:one.txt`), '1');
    assert.equal(bench.repository.git('branch', '--list', first.workspace?.branch ?? ''), '');
  });
});
