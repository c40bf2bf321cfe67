import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type WorktreeBench, worktreeBench } from './bench.ts';
import { deadlyGit } from './deadly-git.ts';

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url));

/** Reads the store anew: the killed process wrote it. */
async function workspaceOf(bench: WorktreeBench, number: number) {
  const store = await TaskStore.open({ folder: bench.repository.folder, watch: false });
  try {
    return store.resolve(String(number)).workspace;
  } finally {
    await store.close();
  }
}

type What = 'create' | 'merge' | 'squash' | 'patch' | 'discard' | 'clean';
/** How many of the steps are tried, spread over all of them; each of them where there is time for it. */
const TRIED = process.env['CHAOS'] === undefined ? 4 : Number.POSITIVE_INFINITY;

/** A person at work on `b.txt`, and a task whose work is what the step is about. */
async function situation(context: TestContext, what: What): Promise<{ bench: WorktreeBench; tip: string }> {
  const bench = await worktreeBench(context, tempFolder(context));
  const { repository, store } = bench;
  let tip = 'HEAD';
  if (what === 'create') await store.createTask({ title: 'Do it', tool: 'SHELL' });
  else {
    const task = await bench.done({ 'a.txt': '1\n2\nthree\n4\n5\n', 'new.txt': 'x\n' });
    tip = repository.git('rev-parse', task.workspace?.branch ?? '');
  }
  repository.commit({ 'theirs.txt': 't\n' });
  if (what === 'clean') repository.git('merge', '--quiet', '--no-edit', tip);
  repository.write('b.txt', 'mine\n');
  await store.close();
  return { bench, tip: repository.git('rev-parse', tip) };
}

/** What must be so when it was killed and then done again. */
async function ended(bench: WorktreeBench, what: What, name: string): Promise<void> {
  const { folder, git } = bench.repository;
  const workspace = await workspaceOf(bench, 1);
  const place = join(folder, '.systemprompt', 'worktrees', '1-do-it');
  const status = git('status', '--porcelain', '--', '*.txt');
  const own = (file: string): string => readFileSync(join(folder, file), 'utf8');
  if (what === 'create') {
    assert.equal(readFileSync(join(place, 'a.txt'), 'utf8'), '1\n2\n3\n4\n5\n', name);
    assert.equal(git('worktree', 'list').split('\n').length, 2, name);
    assert.equal(status, ' M b.txt', name);
  } else if (what === 'discard') {
    assert.equal(git('show', `${workspace?.discarded_ref}:new.txt`), 'x', name);
    assert.ok(!existsSync(place), name);
    assert.equal(own('a.txt'), '1\n2\n3\n4\n5\n', name);
    assert.equal(status, ' M b.txt', name);
  } else {
    assert.ok(workspace?.merged_at !== undefined, name);
    assert.equal(own('new.txt'), 'x\n', name);
    assert.equal(own('a.txt'), '1\n2\nthree\n4\n5\n', name);
    assert.equal(status, what === 'patch' ? ' M a.txt\n M b.txt\n?? new.txt' : ' M b.txt', name);
    if (what === 'clean') assert.ok(!existsSync(place), name);
  }
}

describe('a kill in a step', () => {
  for (const what of ['create', 'merge', 'squash', 'patch', 'discard', 'clean'] satisfies What[]) {
    it(`of ${what} loses nothing, and a repetition completes it`, { timeout: 900_000 }, async (context) => {
      const git = deadlyGit(context, child);
      const calm = await situation(context, what);
      git.run([calm.bench.repository.folder, '1', what]);
      const steps = git.count();
      for (let step = 1; step <= steps; step += Math.ceil(steps / TRIED)) {
        const moment = step % 2 === 0 ? 'before' : 'after';
        const name = `${what}: ${moment} ${step} of ${steps}`;
        const { bench, tip } = await situation(context, what);
        const { folder } = bench.repository;
        git.run([folder, '1', what], `${moment} ${step}`);
        assert.equal(readFileSync(join(folder, 'b.txt'), 'utf8'), 'mine\n', name);
        assert.equal(bench.repository.git('cat-file', '-t', tip), 'commit', name);
        const after = await workspaceOf(bench, 1);
        const noted = after?.merged_at !== undefined || after?.discarded_ref !== undefined;
        git.run([folder, '1', noted ? 'clean' : what]);
        assert.equal(readFileSync(join(folder, 'b.txt'), 'utf8'), 'mine\n', name);
        await ended(bench, what, name);
      }
    });
  }
});
