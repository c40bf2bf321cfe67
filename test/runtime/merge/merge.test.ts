import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ErrorCode, TaskError } from '../../../src/core/errors.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { cleanWorktrees } from '../../../src/runtime/worktrees/clean.ts';
import { taskChanges } from '../../../src/runtime/worktrees/diff.ts';
import { discardTask } from '../../../src/runtime/worktrees/discard.ts';
import { listWorktrees } from '../../../src/runtime/worktrees/list.ts';
import { type WorktreeBench, worktreeBench } from '../worktrees/bench.ts';

async function refused(work: Promise<unknown>, code: ErrorCode): Promise<TaskError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(TaskError.is(error, code), `${code}, not ${error}`);
  assert.ok(error.next.length > 0, 'says what to do next');
  return error;
}

const read = (bench: WorktreeBench, path: string): string => readFileSync(join(bench.repository.folder, path), 'utf8');

/** Everything that a person would see of their checkout. */
const picture = ({ repository }: WorktreeBench): string =>
  [
    repository.git('rev-parse', 'HEAD'),
    repository.git('status', '--porcelain=v2', '--untracked-files=all', '--ignored', '--', ':!.systemprompt'),
    repository.git('diff', 'HEAD'),
    repository.git('diff', '--cached'),
  ].join('\n');

describe('the changes of a task', () => {
  it('include its branch and uncommitted or untracked files of its worktree', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n', 'a.txt': '1\n2\nthree\n4\n5\n' });
    writeFileSync(join(bench.folderOf(task), 'later.txt'), 'l\n');
    const { files, patch, worktree } = await taskChanges(bench, task, { detail: 'patch' });
    assert.equal(worktree, bench.folderOf(task));
    assert.deepEqual(files, [
      { path: 'a.txt', change: 'modified', added: 1, deleted: 1, hidden: false },
      { path: 'later.txt', change: 'added', added: 1, deleted: 0, hidden: false },
      { path: 'new.txt', change: 'added', added: 1, deleted: 0, hidden: false },
    ]);
    assert.match(patch, /\+three/);
    assert.equal(bench.repository.git('-C', bench.folderOf(task), 'status', '--porcelain'), '?? later.txt');
  });
});

describe('a merge', () => {
  it('applies the commits and removes worktree and branch', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const merged = await mergeTask(bench, task, { form: 'merge' });
    assert.equal(merged.kept, undefined);
    assert.equal(read(bench, 'new.txt'), 'x\n');
    assert.equal(bench.repository.git('status', '--porcelain', '--', '*.txt'), '');
    assert.equal(bench.repository.git('symbolic-ref', '--short', 'HEAD'), 'main');
    assert.equal(bench.repository.git('branch', '--list', 'systemprompt/*'), '');
    assert.ok(!existsSync(bench.folderOf(task)));
    await refused(mergeTask(bench, bench.now(task), { form: 'merge' }), 'NothingToReview');
    assert.equal((await taskChanges(bench, bench.now(task), { detail: 'count' })).files[0]?.path, 'new.txt');
  });

  it('keeps changed, staged and untracked files of the user, and merges separate edits of one file', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': '1\n2\n3\n4\nfive\n', 'dir/new.txt': 'x\n' });
    bench.repository.commit({ 'a.txt': 'one\n2\n3\n4\n5\n' });
    bench.repository.write('b.txt', 'mine\n');
    bench.repository.write('dir/c.txt', 'staged\n');
    bench.repository.git('add', 'dir/c.txt');
    bench.repository.write('untracked.txt', 'u\n');
    await mergeTask(bench, task, { form: 'merge' });
    assert.equal(read(bench, 'a.txt'), 'one\n2\n3\n4\nfive\n');
    assert.equal(
      bench.repository.git('status', '--porcelain', '--', '*.txt'),
      ' M b.txt\nM  dir/c.txt\n?? untracked.txt',
    );
  });

  const changes: Readonly<Record<string, (bench: WorktreeBench) => void>> = {
    'a file that the person has changed': (bench: WorktreeBench) => bench.repository.write('a.txt', 'mine\n'),
    'a file that the person has staged': (bench: WorktreeBench) => {
      bench.repository.write('a.txt', 'mine\n');
      bench.repository.git('add', 'a.txt');
    },
    'a file that the person has deleted': (bench: WorktreeBench) => rmSync(join(bench.repository.folder, 'a.txt')),
    'a file that is not tracked': (bench: WorktreeBench) => bench.repository.write('new.txt', 'mine\n'),
    'a file that git ignores': (bench: WorktreeBench) => {
      bench.repository.write('.git/info/exclude', 'new.txt\n');
      bench.repository.write('new.txt', 'mine\n');
    },
    'a file where a folder is to be': (bench: WorktreeBench) => bench.repository.write('deep', 'mine\n'),
    'lines that both have changed': (bench: WorktreeBench) => void bench.repository.commit({ 'a.txt': 'mine\n' }),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`is refused for ${what} without changing either side`, async (context) => {
      const bench = await worktreeBench(context);
      const task = await bench.done({ 'a.txt': '1\n2\nthree\n4\n5\n', 'new.txt': 'x\n', 'deep/er.txt': 'x\n' });
      change(bench);
      const before = picture(bench);
      for (const form of ['merge', 'squash'] as const) {
        const error = await mergeTask(bench, task, { form }).then(
          () => assert.fail('merged'),
          (reason: unknown) => TaskError.from(reason),
        );
        assert.ok(TaskError.is(error, 'MergeConflict', 'GitFailed'), String(error));
        assert.match(error.message, /a\.txt|new\.txt|deep/);
      }
      assert.equal(picture(bench), before);
      assert.equal(bench.repository.git('show', `${task.workspace?.branch}:new.txt`), 'x');
      assert.equal(bench.now(task).workspace?.merged_at, undefined);
    });
  }

  it('as one commit has the given message, and keeps the commits of the branch for a while', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const head = bench.repository.commit({ 'other.txt': 'y\n' });
    await mergeTask(bench, task, { form: 'squash', message: 'Fix it' });
    assert.equal(bench.repository.git('log', '-1', '--format=%s %P'), `Fix it ${head}`);
    const kept = bench.repository.git('for-each-ref', '--format=%(objectname)', 'refs/systemprompt/discarded');
    assert.equal(kept, bench.now(task).workspace?.merged_commit);
    assert.equal(bench.repository.git('branch', '--list', 'systemprompt/*'), '');
  });

  it('as a patch applies to files with changes of the user and commits nothing', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': '1\n2\n3\n4\nfive\n', 'new.txt': 'x\n' });
    bench.repository.write('a.txt', 'one\n2\n3\n4\n5\n');
    const head = bench.repository.git('rev-parse', 'HEAD');
    await mergeTask(bench, task, { form: 'patch' });
    assert.equal(read(bench, 'a.txt'), 'one\n2\n3\n4\nfive\n');
    assert.equal(read(bench, 'new.txt'), 'x\n');
    assert.equal(bench.repository.git('rev-parse', 'HEAD'), head);
    assert.equal(bench.repository.git('diff', '--cached', '--name-only'), '');
  });

  it('as a patch is refused as a whole on conflicting lines', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': '1\n2\nthree\n4\n5\n', 'new.txt': 'x\n' });
    bench.repository.write('a.txt', '1\n2\nmine\n4\n5\n');
    const before = picture(bench);
    const error = await refused(mergeTask(bench, task, { form: 'patch' }), 'MergeConflict');
    assert.deepEqual(error.details?.['files'], ['a.txt']);
    assert.equal(picture(bench), before);
  });

  it('is refused on a detached HEAD, where a patch is possible', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('checkout', '--quiet', '--detach');
    await refused(mergeTask(bench, task, { form: 'merge' }), 'MergeRefused');
    await mergeTask(bench, task, { form: 'patch' });
    assert.equal(read(bench, 'new.txt'), 'x\n');
  });

  it('does not restore reverted commits, and one commit of the changes is possible', async (context) => {
    const bench = await worktreeBench(context);
    bench.repository.commit({ 'secret.txt': 's\n' });
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    bench.repository.commit({ 'other.txt': 'y\n' });
    await refused(mergeTask(bench, task, { form: 'merge' }), 'MergeRefused');
    await mergeTask(bench, task, { form: 'squash' });
    assert.equal(read(bench, 'new.txt'), 'x\n');
    assert.ok(!existsSync(join(bench.repository.folder, 'secret.txt')));
  });

  it('targets the current branch if the original one was deleted', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('checkout', '--quiet', '-b', 'next');
    bench.repository.git('branch', '--quiet', '-D', 'main');
    await mergeTask(bench, task, { form: 'merge' });
    assert.equal(read(bench, 'new.txt'), 'x\n');
  });

  it('waits for the results that it builds on', async (context) => {
    const bench = await worktreeBench(context);
    const first = await bench.done({ 'first.txt': '1\n' });
    const second = await bench.done({ 'first.txt': '1\n2\n' }, { title: 'Next', dependsOn: [first.id] });
    await refused(mergeTask(bench, second, { form: 'merge' }), 'MergeRefused');
    await mergeTask(bench, first, { form: 'squash' });
    await mergeTask(bench, second, { form: 'merge' });
    assert.equal(read(bench, 'first.txt'), '1\n2\n');
  });

  it('keeps a locked worktree, and cleaning removes it after unlocking', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('worktree', 'lock', bench.folderOf(task));
    assert.match((await mergeTask(bench, task, { form: 'merge' })).kept ?? '', /locked/);
    assert.deepEqual((await cleanWorktrees(bench)).removed, []);
    bench.repository.git('worktree', 'unlock', bench.folderOf(task));
    appendFileSync(join(bench.folderOf(task), 'new.txt'), 'late\n');
    assert.deepEqual((await cleanWorktrees(bench)).removed, []);
    bench.repository.git('-C', bench.folderOf(task), 'checkout', '--quiet', '.');
    assert.deepEqual((await cleanWorktrees(bench)).removed, [bench.folderOf(task)]);
  });

  it('merges the branch if the folder was deleted, and reports if both are missing', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const other = await bench.done({ 'other.txt': 'x\n' }, { title: 'Other' });
    rmSync(bench.folderOf(task), { recursive: true });
    await mergeTask(bench, task, { form: 'merge' });
    assert.equal(read(bench, 'new.txt'), 'x\n');
    rmSync(bench.folderOf(other), { recursive: true });
    bench.repository.git('worktree', 'prune');
    bench.repository.git('branch', '-D', other.workspace?.branch ?? '');
    await refused(mergeTask(bench, other, { form: 'merge' }), 'WorktreeMissing');
    await discardTask(bench, other, true);
    assert.equal(bench.now(other).workspace, undefined);
  });

  it('does not change submodules', async (context) => {
    const bench = await worktreeBench(context);
    const library = await worktreeBench(context);
    bench.repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      library.repository.folder,
      'lib',
    );
    bench.repository.commit({}, 'submodule');
    const task = await bench.done({ 'new.txt': 'x\n' });
    assert.equal((await mergeTask(bench, task, { form: 'merge' })).kept, undefined);
    assert.equal(read(bench, 'lib/b.txt'), 'b\n');
  });
});

describe('discarding', () => {
  it('lists the lost work, needs a confirmation and keeps everything under a ref', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    writeFileSync(join(bench.folderOf(task), 'late.txt'), 'l\n');
    const error = await refused(discardTask(bench, task, false), 'NotConfirmed');
    assert.deepEqual(error.details?.['files'], ['late.txt', 'new.txt']);
    assert.ok(existsSync(bench.folderOf(task)));
    const { ref } = await discardTask(bench, task, true);
    assert.ok(!existsSync(bench.folderOf(task)));
    assert.equal(bench.repository.git('branch', '--list', 'systemprompt/*'), '');
    assert.equal(bench.repository.git('show', `${ref}:late.txt`), 'l');
    assert.equal(bench.now(task).workspace?.discarded_ref, ref);
  });

  it('is refused for a locked worktree', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('worktree', 'lock', bench.folderOf(task));
    await refused(discardTask(bench, task, true), 'MergeRefused');
    assert.ok(existsSync(join(bench.folderOf(task), 'new.txt')));
  });

  it('keeps the work for 30 days', async (context) => {
    const bench = await worktreeBench(context);
    const refs = [29, 31].map((days) => `refs/systemprompt/discarded/1-${Date.now() - days * 24 * 3_600_000}`);
    for (const ref of refs) bench.repository.git('update-ref', ref, 'HEAD');
    await cleanWorktrees(bench);
    assert.equal(bench.repository.git('for-each-ref', '--format=%(refname)', 'refs/systemprompt'), refs[0]);
  });
});

describe('the list of worktrees', () => {
  it('shows content and size, also for worktrees without a task, and cleaning keeps unmerged work', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x'.repeat(5_000) });
    bench.repository.write('.systemprompt/worktrees/99-stray/x.txt', 'x');
    const listed = await listWorktrees(bench);
    assert.deepEqual(
      listed.map((entry) => [entry.task?.number, entry.state, entry.changed, entry.bytes > 0]),
      [
        [task.number, 'unmerged', 1, true],
        [undefined, 'unknown', undefined, true],
      ],
    );
    assert.deepEqual((await cleanWorktrees(bench)).removed, []);
    assert.ok(existsSync(bench.folderOf(task)));
  });
});
