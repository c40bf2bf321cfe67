import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { type ErrorCode, TaskError } from '../../../src/core/errors.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { checkpointRef, checkpointRefs } from '../../../src/core/task/checkpoint.ts';
import type { Checkpoint } from '../../../src/core/task/checkpoint-schema.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { createCheckpoint } from '../../../src/runtime/checkpoints/create.ts';
import { type Restored, restoreCheckpoint } from '../../../src/runtime/checkpoints/restore.ts';
import type { WorktreeContext } from '../../../src/runtime/worktrees/review.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { worktreeBench } from '../worktrees/bench.ts';
import { testRepository } from '../worktrees/repository.ts';
import { readTree, tree, writeTree } from './tree.ts';

const own = ['.git', '.systemprompt/state', '.systemprompt/worktrees'];

const refused = (promise: Promise<unknown>, code: ErrorCode) =>
  assert.rejects(promise, (error) => TaskError.is(error, code) && error.next.length > 0);

async function keep(context: WorktreeContext, task: TaskRecord, message = 'kept'): Promise<Checkpoint> {
  const now = context.store.resolve(task.id);
  const made = await createCheckpoint(context, now, { kind: 'manual', message });
  return made ?? assert.fail('no checkpoint was made');
}

const restore = (context: WorktreeContext, task: TaskRecord, checkpoint: Checkpoint): Promise<Restored> =>
  restoreCheckpoint(context, task.id, checkpoint);

/** A task that works in the folder itself. */
async function sharedTask(context: TestContext, folder: string): Promise<WorktreeContext & { task: TaskRecord }> {
  const store = await TaskStore.open({ folder, watch: false });
  context.after(() => store.close());
  const { id } = await store.createTask({ title: 'Here', tool: 'SHELL', isolation: 'none' });
  return { store, settings: {}, logger: silentLogger, task: store.resolve(id) };
}

/** Everything of git that is the person's. */
function gitState(repository: ReturnType<typeof testRepository>, folder = repository.folder): unknown {
  const git = testRepository(folder, false).git;
  const index = git('rev-parse', '--path-format=absolute', '--git-path', 'index');
  let bytes = 'none';
  try {
    bytes = readFileSync(index, 'base64');
  } catch {
    // An empty repository has no index.
  }
  const head = readFileSync(git('rev-parse', '--path-format=absolute', '--git-path', 'HEAD'), 'utf8');
  return { head, bytes, branches: git('for-each-ref', 'refs/heads', 'refs/tags'), stash: git('stash', 'list') };
}

describe('checkpoints', () => {
  it('restore any files without changing index, HEAD or branches', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const folder = bench.folderOf(task);
    const theirs = readTree(bench.repository.folder, own);
    const trees = fc.tuple(tree, tree);
    await fc.assert(
      fc.asyncProperty(trees, async ([first, second]) => {
        writeTree(folder, first);
        const state = gitState(bench.repository, folder);
        const before = readTree(folder);
        const one = await keep(bench, task);
        assert.deepEqual(readTree(folder), before, 'making one changes nothing');
        writeTree(folder, second);
        const after = readTree(folder);
        const { before: two } = await restore(bench, task, one);
        assert.deepEqual(readTree(folder), before);
        if (two !== undefined) {
          await restore(bench, task, two);
          assert.deepEqual(readTree(folder), after, 'what was there before restoring comes back');
        }
        assert.deepEqual(gitState(bench.repository, folder), state);
      }),
      { numRuns: 12 },
    );
    assert.deepEqual(readTree(bench.repository.folder, own), theirs);
  });

  it('contain large, binary, staged, changed, deleted and untracked files', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const folder = bench.folderOf(task);
    const { git } = testRepository(folder, false);
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(12 * 1024 * 1024, 'x\0y\r\n'));
    writeFileSync(join(folder, 'crlf.txt'), 'one\r\ntwo\r\n');
    writeFileSync(join(folder, 'staged.txt'), 'staged');
    git('add', 'staged.txt');
    writeFileSync(join(folder, 'staged.txt'), 'and changed');
    rmSync(join(folder, 'b.txt'));
    const before = readTree(folder);
    const state = gitState(bench.repository, folder);
    const one = await keep(bench, task);
    writeTree(folder, {});
    await restore(bench, task, one);
    assert.deepEqual(readTree(folder), before);
    assert.deepEqual(gitState(bench.repository, folder), state);
  });

  it('detect a change within the timestamp of the index', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const folder = bench.folderOf(task);
    const { git } = testRepository(folder, false);
    // As on a file system that knows no more of a file than its size and its second.
    git('config', 'core.checkStat', 'minimal');
    git('config', 'core.trustctime', 'false');
    const moment = Math.floor(Date.now() / 1_000) - 600;
    const file = join(folder, 'a.txt');
    writeFileSync(file, 'first\n');
    utimesSync(file, moment, moment);
    git('add', 'a.txt');
    utimesSync(git('rev-parse', '--path-format=absolute', '--git-path', 'index'), moment, moment);
    writeFileSync(file, 'other\n');
    utimesSync(file, moment, moment);
    const { commit = '' } = await keep(bench, task);
    assert.equal(bench.repository.git('show', `${commit}:a.txt`), 'other');
  });

  it('save an ignored file that a restored file replaces', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ out: 'a file\n', 'tmp/x': 'x\n' });
    const folder = bench.folderOf(task);
    const one = await keep(bench, task);
    rmSync(join(folder, 'out'));
    rmSync(join(folder, 'tmp'), { recursive: true });
    mkdirSync(join(folder, 'out/deep'), { recursive: true });
    writeFileSync(join(folder, 'out/deep/ignored'), 'precious');
    symlinkSync(bench.repository.folder, join(folder, 'tmp'));
    writeFileSync(join(folder, '.gitignore'), 'out\ntmp\nkept\n');
    writeFileSync(join(folder, 'kept'), 'ignored, and in nobody’s way');
    const { before } = await restore(bench, task, one);
    assert.equal(readFileSync(join(folder, 'out'), 'utf8'), 'a file\n');
    assert.equal(readFileSync(join(folder, 'tmp/x'), 'utf8'), 'x\n');
    assert.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'ignored, and in nobody’s way');
    assert.throws(() => readFileSync(join(bench.repository.folder, 'x')), 'nothing is written through a link');
    assert.equal(bench.repository.git('show', `${before?.commit}:out/deep/ignored`), 'precious');
    await restore(bench, task, before ?? assert.fail());
    assert.equal(readFileSync(join(folder, 'out/deep/ignored'), 'utf8'), 'precious');
  });

  it('work in an empty repository, in its folder', async (context) => {
    const folder = tempFolder(context);
    const repository = testRepository(folder);
    const bench = await sharedTask(context, repository.folder);
    repository.write('ä b.txt', 'one\n');
    const one = await keep(bench, bench.task);
    repository.write('ä b.txt', 'two\n');
    const state = gitState(repository);
    await restore(bench, bench.task, one);
    assert.equal(readFileSync(join(folder, 'ä b.txt'), 'utf8'), 'one\n');
    assert.deepEqual(gitState(repository), state);
    assert.equal(repository.git('status', '--porcelain', '--', '.systemprompt/state').includes('D'), false);
  });

  it('work on a detached HEAD, limited to the folder of the tasks', async (context) => {
    const repository = testRepository(tempFolder(context));
    repository.commit({ 'outside.txt': 'o\n', 'part/in.txt': 'i\n', '.gitignore': '.systemprompt\n' });
    repository.git('checkout', '--quiet', '--detach');
    const bench = await sharedTask(context, join(repository.folder, 'part'));
    const one = await keep(bench, bench.task);
    repository.write('outside.txt', 'mine\n');
    repository.write('part/in.txt', 'changed\n');
    repository.write('part/new.txt', 'new\n');
    const state = gitState(repository);
    const { files } = await restore(bench, bench.task, one);
    assert.deepEqual(files, ['part/in.txt', 'part/new.txt']);
    assert.deepEqual(gitState(repository), state);
    assert.equal(readFileSync(join(repository.folder, 'outside.txt'), 'utf8'), 'mine\n');
    assert.equal(readFileSync(join(repository.folder, 'part/in.txt'), 'utf8'), 'i\n');
    assert.equal(bench.store.resolve(bench.task.id).title, 'Here');
  });

  it('exclude the state of the tasks even if git tracks it', async (context) => {
    const repository = testRepository(tempFolder(context));
    repository.commit({
      'a.txt': 'a\n',
      '.systemprompt/state/old.txt': 'one\n',
      '.systemprompt/state/gone.txt': 'gone\n',
    });
    const bench = await sharedTask(context, repository.folder);
    const one = await keep(bench, bench.task);
    repository.git('rm', '--quiet', '.systemprompt/state/gone.txt');
    repository.commit({ 'a.txt': 'b\n', '.systemprompt/state/old.txt': 'two\n' });
    await restore(bench, bench.task, one);
    assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'a\n');
    assert.equal(readFileSync(join(repository.folder, '.systemprompt/state/old.txt'), 'utf8'), 'two\n');
    assert.ok(
      !existsSync(join(repository.folder, '.systemprompt/state/gone.txt')),
      'a restored checkpoint brings none',
    );
  });

  it('are pruned with their commits, and unrecorded refs are removed later', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const limited: WorktreeContext = { ...bench, settings: { checkpoints: { keep: 3 } } };
    const head = bench.repository.git('rev-parse', 'HEAD');
    bench.repository.git('update-ref', checkpointRef(task.id, 1), oldCommit(bench.repository));
    bench.repository.git('update-ref', checkpointRef(task.id, 2), head);
    await keep(limited, task, 'mine');
    for (let made = 0; made < 5; made += 1) {
      writeFileSync(join(bench.folderOf(task), 'a.txt'), `${made}\n`);
      await createCheckpoint(limited, bench.now(task), { kind: 'auto', message: 'auto', onlyIfChanged: true });
      await createCheckpoint(limited, bench.now(task), { kind: 'auto', message: 'auto', onlyIfChanged: true });
    }
    assert.deepEqual(
      bench.now(task).checkpoints?.map(({ number }) => number),
      [3, 6, 7, 8],
    );
    const refs = bench.repository.git('for-each-ref', '--format=%(refname)', checkpointRefs(task.id)).split('\n');
    assert.deepEqual(
      refs.map((ref) => Number(ref.split('/').at(-1))),
      [2, 3, 6, 7, 8],
    );
  });

  it('are not pruned during their restore', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const limited: WorktreeContext = { ...bench, settings: { checkpoints: { keep: 1 } } };
    const auto = await createCheckpoint(limited, bench.now(task), { kind: 'auto', message: 'auto' });
    writeFileSync(join(bench.folderOf(task), 'a.txt'), 'and changed\n');
    const numbers = (): number[] => (bench.now(task).checkpoints ?? []).map(({ number }) => number);
    const { before } = await restore(limited, task, auto ?? assert.fail());
    assert.deepEqual(numbers(), [1, 2]);
    await restore(limited, task, before ?? assert.fail());
    assert.equal(readFileSync(join(bench.folderOf(task), 'a.txt'), 'utf8'), 'and changed\n');
    assert.deepEqual(numbers(), [2, 3]);
  });

  it('have distinct numbers when created concurrently', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const made = await Promise.all(['x', 'y', 'z'].map((message) => keep(bench, task, message)));
    assert.deepEqual(made.map(({ number }) => number).sort(), [1, 2, 3]);
    assert.deepEqual(
      bench.now(task).checkpoints?.map(({ number }) => number),
      [1, 2, 3],
    );
  });

  it('are not restored while an agent runs, and no run starts during a restore', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const one = await keep(bench, task);
    const lease = { worker: 'w', host: 'h', pid: 1, started: 'x', expires_at: '2999-01-01T00:00:00.000Z' };
    await bench.store.transact('test', (draft) => draft.patch(task.id, { lease }));
    writeFileSync(join(bench.folderOf(task), 'a.txt'), 'agent\n');
    await keep(bench, task, 'while it runs');
    await refused(restore(bench, task, one), 'TaskRunning');
    assert.equal(readFileSync(join(bench.folderOf(task), 'a.txt'), 'utf8'), 'agent\n');
    await bench.store.transact('test', (draft) => draft.patch(task.id, { lease: undefined }));
    const two = restore(bench, task, one);
    await refused(restore(bench, task, one), 'TaskRunning');
    await two;
    assert.equal(bench.now(task).lease, undefined);
  });

  it('report files that they cannot save or restore', async (context) => {
    const bench = await worktreeBench(context);
    const fresh = await bench.store.createTask({ title: 'Fresh', tool: 'SHELL' });
    await refused(keep(bench, bench.store.resolve(fresh.id)), 'NothingToCheckpoint');
    const task = await bench.done({ 'a.txt': 'changed\n' });
    const one = await keep(bench, task);
    rmSync(bench.folderOf(task), { recursive: true });
    await restore(bench, task, one);
    assert.equal(readFileSync(join(bench.folderOf(task), 'a.txt'), 'utf8'), 'changed\n');
    await refused(restore(bench, task, { ...one, commit: 'a'.repeat(40) }), 'RestoreRefused');
    await bench.store.transact('test', (draft) => {
      const { workspace } = draft.require(task.id);
      if (workspace !== undefined) draft.patch(task.id, { workspace: { ...workspace, merged_at: draft.at } });
    });
    await refused(restore(bench, task, one), 'RestoreRefused');
    assert.equal(bench.now(task).lease, undefined);
  });

  it('outside of git contain the conversation alone, or nothing without one', async (context) => {
    const bench = await sharedTask(context, tempFolder(context));
    await refused(keep(bench, bench.task), 'NothingToCheckpoint');
    await bench.store.transact('test', (draft) => {
      const execution = { id: 'e', agent: 'X', worker: 'w', session_id: 'ses', resumable: true, started_at: draft.at };
      draft.patch(bench.task.id, { executions: [execution] });
    });
    const one = await keep(bench, bench.task);
    assert.deepEqual([one.commit, one.session_id], [undefined, 'ses']);
    assert.deepEqual((await restore(bench, bench.task, one)).files, []);
    assert.equal(bench.store.resolve(bench.task.id).restored?.session_id, 'ses');
  });
});

function oldCommit(repository: ReturnType<typeof testRepository>): string {
  const env = { ...process.env, GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z' };
  const words = ['commit-tree', 'HEAD^{tree}', '-m', 'old'];
  return execFileSync('git', words, { cwd: repository.folder, env, encoding: 'utf8' }).trim();
}
