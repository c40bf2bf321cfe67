import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { cancel } from '../../../src/core/task/session.ts';
import { restart } from '../../../src/core/task/start.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { mergeParts, partConflict } from '../../../src/runtime/merge/merge-parts.ts';
import { type WorktreeBench, worktreeBench } from '../worktrees/bench.ts';

async function groupBench(context: TestContext): Promise<WorktreeBench & { group: () => TaskRecord }> {
  const bench = await worktreeBench(context);
  const { id } = await bench.store.createTask({ title: 'Whole', kind: 'group' });
  return { ...bench, group: () => bench.store.resolve(id) };
}

describe('merging the parts of a group', () => {
  it('combines their branches into one, which is then reviewed and merged as that of any task', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    const one = await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId });
    const two = await bench.done({ 'two.txt': '2\n' }, { title: 'Two', parentId });
    const three = await bench.done({ 'one.txt': '1\n3\n' }, { title: 'Three', parentId, dependsOn: [one.id] });
    assert.equal(bench.group().status, 'completed');
    const { merged, branch, conflict } = await mergeParts(bench, bench.group());
    assert.deepEqual(
      merged.map(({ part, files }) => [part.title, files]),
      [
        ['One', ['one.txt']],
        ['Two', ['two.txt']],
        ['Three', ['one.txt']],
      ],
    );
    assert.equal(conflict, undefined);
    assert.equal(bench.repository.git('show', `${branch}:one.txt`), '1\n3');
    for (const part of [one, two, three]) {
      assert.equal(bench.now(part).workspace?.merged_into, parentId);
      assert.equal(bench.repository.git('branch', '--list', part.workspace?.branch ?? ''), '');
    }
    assert.deepEqual((await mergeParts(bench, bench.group())).merged, [], 'a second call changes nothing');
    await mergeTask(bench, bench.group(), { form: 'merge' });
    assert.equal(bench.repository.git('show', 'main:two.txt'), '2');
    assert.equal(bench.repository.git('branch', '--list', 'systemprompt/*'), '');
  });

  it('stops at a conflict with both sides, changes nothing there, and continues later', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    await bench.done({ 'b.txt': 'left\n' }, { title: 'Left', parentId });
    const right = await bench.done({ 'b.txt': 'right\n' }, { title: 'Right', parentId });
    const { merged, conflict, branch = '' } = await mergeParts(bench, bench.group());
    assert.equal(merged.length, 1);
    assert.ok(conflict !== undefined);
    assert.deepEqual([conflict.part.title, conflict.files], ['Right', ['b.txt']]);
    assert.deepEqual(
      conflict.against.map(({ title }) => title),
      ['Left'],
    );
    assert.match(partConflict(bench.group(), conflict).message, /^#3 and #2 change the same lines of b\.txt\./);
    assert.equal(bench.repository.git('show', `${branch}:b.txt`), 'left');
    assert.equal(bench.repository.git('show', `${right.workspace?.branch}:b.txt`), 'right');
    const inside = ['-C', bench.folderOf(right)];
    assert.throws(() => bench.repository.git(...inside, 'merge', '--quiet', branch));
    bench.repository.git(...inside, 'checkout', '--ours', 'b.txt');
    bench.repository.git(...inside, 'add', 'b.txt');
    bench.repository.git(...inside, 'commit', '--quiet', '-m', 'Resolve');
    assert.equal((await mergeParts(bench, bench.group())).conflict, undefined);
    assert.equal(bench.repository.git('show', `${branch}:b.txt`), 'right');
  });

  it('merges the task that resolved a conflict before the part with the conflict', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    await bench.done({ 'b.txt': 'left\n' }, { title: 'Left', parentId });
    const right = await bench.done({ 'b.txt': 'right\n' }, { title: 'Right', parentId });
    const { branch = '' } = await mergeParts(bench, bench.group());
    await bench.done({}, { title: 'Resolve', parentId }, (cwd) => {
      const git = (...args: string[]): string => bench.repository.git('-C', cwd, ...args);
      git('reset', '--hard', '--quiet', branch);
      assert.throws(() => git('merge', '--no-ff', right.workspace?.branch ?? ''));
      writeFileSync(join(cwd, 'b.txt'), 'left and right\n');
      git('commit', '--quiet', '--all', '-m', 'Resolve');
    });
    const { merged, conflict } = await mergeParts(bench, bench.group());
    assert.equal(conflict, undefined);
    assert.deepEqual(
      merged.map(({ part }) => part.title),
      ['Resolve', 'Right'],
    );
    assert.equal(bench.repository.git('show', `${branch}:b.txt`), 'left and right');
  });

  it('gives the combined work to a task that depends on a merged part', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    const one = await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId });
    await mergeParts(bench, bench.group());
    const after = await bench.done({ 'after.txt': 'x\n' }, { title: 'After', dependsOn: [one.id] });
    assert.equal(bench.repository.git('show', `${after.workspace?.branch}:one.txt`), '1');
  });

  it('does not move a branch that is checked out', async (context) => {
    const bench = await groupBench(context);
    const parent = await bench.done({ 'own.txt': '1\n' }, { title: 'A task with work and a part' });
    await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId: parent.id });
    const branch = parent.workspace?.branch ?? '';
    const before = bench.repository.git('rev-parse', branch);
    await assert.rejects(mergeParts(bench, parent), { code: 'MergeRefused', message: /is checked out in/ });
    assert.equal(bench.repository.git('rev-parse', branch), before);
  });

  it('accepts a part that is open for review', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    const one = await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId });
    await bench.store.transact('test.open', (draft) => void draft.patch(one.id, { status: 'completed_active' }));
    assert.equal(bench.group().status, 'in_progress');
    await mergeParts(bench, bench.group());
    assert.equal(bench.now(one).status, 'completed');
    assert.equal(bench.group().status, 'completed');
  });

  it('leaves the work of a cancelled part on its branch', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId });
    const two = await bench.done({ 'two.txt': '2\n' }, { title: 'Two', parentId });
    await bench.store.transact('test.cancel', (draft) => {
      draft.patch(two.id, restart(draft.require(two.id), draft.at));
      draft.patch(two.id, cancel(draft.require(two.id), draft.at));
    });
    const { merged } = await mergeParts(bench, bench.group());
    assert.deepEqual(
      merged.map(({ part }) => part.title),
      ['One'],
    );
    assert.equal(bench.repository.git('show', `${two.workspace?.branch}:two.txt`), '2');
  });

  it('waits for all parts', async (context) => {
    const bench = await groupBench(context);
    const { id: parentId } = bench.group();
    await assert.rejects(mergeParts(bench, bench.group()), { code: 'InvalidInput' });
    await bench.store.createTask({ title: 'Open', tool: 'SHELL', parentId });
    await assert.rejects(mergeParts(bench, bench.group()), { code: 'IllegalTransition', message: /#2 \(pending\)/ });
  });
});
