import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { cleanWorktrees, keepQuota, removableWorktrees } from '../../../src/runtime/worktrees/clean.ts';
import { operationContext, type WorktreeBench, worktreeBench } from './bench.ts';

const branches = (bench: WorktreeBench): string => bench.repository.git('branch', '--list', 'systemprompt/*');

/** Deletes a task as every face does, and gives what is said of its worktree. */
async function deleted(bench: WorktreeBench, task: TaskRecord, trusted = true): Promise<string[]> {
  return (await taskDelete.run(operationContext(bench, trusted), { tasks: [task.id] })).kept;
}

describe('the worktree of a deleted task', () => {
  it('is removed: a ref keeps unmerged and uncommitted work, and the result names it', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    writeFileSync(join(bench.folderOf(task), 'late.txt'), 'l\n');
    const [words = ''] = await deleted(bench, task);
    const ref = /git branch NAME (\S+)$/.exec(words)?.[1] ?? '';
    assert.equal(bench.repository.git('show', `${ref}:new.txt`), 'x');
    assert.equal(bench.repository.git('show', `${ref}:late.txt`), 'l');
    assert.ok(!existsSync(bench.folderOf(task)));
    assert.equal(branches(bench), '');
  });

  it('is removed silently if it was merged by the product or manually', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('merge', '--quiet', task.workspace?.branch ?? '');
    assert.deepEqual(await deleted(bench, task), []);
    assert.ok(!existsSync(bench.folderOf(task)));
    assert.equal(branches(bench), '');
    assert.equal(bench.repository.git('for-each-ref', 'refs/systemprompt'), '');
  });

  it('is kept with a message if it is locked', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('worktree', 'lock', bench.folderOf(task));
    assert.match((await deleted(bench, task)).join(), /stays: .* is locked/);
    assert.ok(existsSync(join(bench.folderOf(task), 'new.txt')));
  });

  it('is kept in a restricted folder, where git does not run, and cleaned after its work is merged', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    assert.deepEqual(await deleted(bench, task, false), []);
    assert.deepEqual((await cleanWorktrees(bench)).removed, [], 'nobody has merged it');
    assert.ok(existsSync(bench.folderOf(task)));
    bench.repository.git('merge', '--quiet', task.workspace?.branch ?? '');
    assert.deepEqual((await cleanWorktrees(bench)).removed, [bench.folderOf(task)]);
    assert.ok(!existsSync(bench.folderOf(task)));
  });
});

describe('cleaning worktrees', () => {
  it('removes and records manually merged ones, and keeps those with later changes', async (context) => {
    const bench = await worktreeBench(context);
    const [one, two] = [await bench.done({ 'one.txt': '1\n' }), await bench.done({ 'two.txt': '2\n' })];
    for (const { workspace } of [one, two])
      bench.repository.git('merge', '--quiet', '--no-edit', workspace?.branch ?? '');
    writeFileSync(join(bench.folderOf(two), 'late.txt'), 'l\n');
    assert.deepEqual((await cleanWorktrees(bench)).removed, [bench.folderOf(one)]);
    assert.ok(bench.now(one).workspace?.merged_at);
    assert.equal(bench.now(two).workspace?.merged_at, undefined);
    assert.ok(existsSync(join(bench.folderOf(two), 'late.txt')));
  });

  it('over the quota removes the oldest merged ones first, and never unmerged ones', async (context) => {
    const bench = await worktreeBench(context);
    const large = 'x'.repeat(400_000);
    const tasks = [await bench.done({ 'old.txt': large }), await bench.done({ 'young.txt': large })];
    const open = await bench.done({ 'open.txt': large });
    for (const task of tasks) {
      bench.repository.git('worktree', 'lock', bench.folderOf(task));
      assert.match((await mergeTask(bench, task, { form: 'merge' })).kept ?? '', /locked/);
      bench.repository.git('worktree', 'unlock', bench.folderOf(task));
    }
    const folders = tasks.map((task) => bench.folderOf(task));
    assert.deepEqual(
      (await removableWorktrees(bench)).map(({ folder }) => folder),
      folders,
    );
    const quota = (quotaMb: number) => keepQuota({ ...bench, settings: { worktrees: { quotaMb } } });
    assert.deepEqual(await quota(10), []);
    assert.deepEqual(await quota(1), folders.slice(0, 1), 'one is enough');
    assert.deepEqual(await quota(0.01), folders.slice(1));
    assert.ok(existsSync(join(bench.folderOf(open), 'open.txt')));
  });
});
