import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { CreateTaskParams } from '../../../src/core/task/create.ts';
import type { Task, TaskStatus } from '../../../src/core/task/schema.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../../support/worker-bench.ts';
import { type TestRepository, testRepository } from './repository.ts';

async function bench(
  context: TestContext,
  options: Parameters<typeof workerBench>[1] = {},
): Promise<{ repository: TestRepository; worker: WorkerBench }> {
  const folder = options.folder ?? tempFolder(context);
  const repository = testRepository(folder);
  repository.commit({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
  return { repository, worker: await workerBench(context, { ...options, folder: repository.folder }) };
}

async function done(worker: WorkerBench, params: CreateTaskParams, status: TaskStatus = 'completed'): Promise<Task> {
  const { id } = await worker.run(params);
  await worker.reaches(id, status);
  await until('the run is over', () => worker.store.resolve(id).lease === undefined);
  const task = await worker.store.getTask(id);
  assert.ok(task !== null);
  return task;
}

describe('a task in a git repository', () => {
  it('runs in its own worktree and produces a branch with one commit', async (context) => {
    const { repository, worker } = await bench(context);
    const task = await done(worker, {
      title: 'Füge eine Datei hinzu!',
      instructions: 'pwd; echo new > c.txt; echo 1 >> a.txt',
    });
    assert.equal(task.workspace?.branch, `systemprompt/${task.number}-fuge-eine-datei-hinzu`);
    assert.equal(task.workspace?.base, 'main');
    assert.ok(!existsSync(join(repository.folder, 'c.txt')));
    assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'one\n');
    assert.equal(repository.git('status', '--porcelain'), '?? .systemprompt/');
    const shown = repository.git(
      'show',
      '--name-only',
      '--format=%an %s %(trailers:key=SystemPrompt-Task,valueonly)',
      task.workspace?.branch ?? '',
    );
    assert.match(shown, /^Ada #1 Füge eine Datei hinzu! task_/);
    assert.match(shown, /a\.txt\nc\.txt$/);
    assert.equal(repository.git('rev-parse', `${task.workspace?.branch}~1`), repository.git('rev-parse', 'main'));
  });

  it('leaves no branch or worktree without changes', async (context) => {
    const { repository, worker } = await bench(context);
    const task = await done(worker, { title: 'Look', instructions: 'cat a.txt' });
    assert.equal(task.workspace, undefined);
    assert.equal(repository.git('branch', '--list', 'systemprompt/*'), '');
    assert.ok(!existsSync(join(repository.folder, '.systemprompt/worktrees/1-look')));
  });

  it('keeps the worktree of a failed run and resumes there after a restart', async (context) => {
    const { repository, worker } = await bench(context);
    const script = 'test -f half && { echo rest > rest; exit 0; }; echo 1 > half; exit 1';
    const failed = await done(worker, { title: 'Twice', instructions: script }, 'failed');
    const folder = join(repository.folder, failed.workspace?.path ?? '');
    assert.ok(existsSync(join(folder, 'half')));
    await worker.restart(failed.id);
    await worker.reaches(failed.id, 'completed');
    assert.equal(repository.git('ls-tree', '--name-only', failed.workspace?.branch ?? ''), 'a.txt\nb.txt\nhalf\nrest');
  });

  it('runs in the folder itself by its setting or that of the folder', async (context) => {
    const { repository, worker } = await bench(context, { settings: { isolation: 'none' } });
    await done(worker, { title: 'Here', instructions: 'echo x > here.txt' });
    assert.ok(existsSync(join(repository.folder, 'here.txt')));
    const task = await done(worker, { title: 'There', instructions: 'echo x > there.txt', isolation: 'worktree' });
    assert.ok(task.workspace !== undefined && !existsSync(join(repository.folder, 'there.txt')));
    const { worker: other, repository: second } = await bench(context);
    await done(other, { title: 'Here', instructions: 'echo x > here.txt', isolation: 'none' });
    assert.ok(existsSync(join(second.folder, 'here.txt')));
  });

  it('starts with the unmerged results of its dependencies', async (context) => {
    const { repository, worker } = await bench(context);
    const one = await done(worker, { title: 'One', instructions: 'echo 1 > one.txt' });
    const two = await done(worker, { title: 'Two', instructions: 'echo 2 > two.txt' });
    const both = await done(worker, {
      title: 'Both',
      instructions: 'cat one.txt two.txt > both.txt',
      dependsOn: [one.id, two.id],
    });
    assert.equal(repository.git('show', `${both.workspace?.branch}:both.txt`), '1\n2');
    assert.deepEqual(both.workspace?.includes, [one.id, two.id]);
    assert.equal(
      repository.git('diff', '--name-only', both.workspace?.base_commit ?? '', both.workspace?.branch ?? ''),
      'both.txt',
    );
  });

  it('fails with the conflicting files of those results, and keeps both', async (context) => {
    const { repository, worker } = await bench(context);
    const one = await done(worker, { title: 'One', instructions: 'echo 1 > a.txt' });
    const two = await done(worker, { title: 'Two', instructions: 'echo 2 > a.txt' });
    const both = await done(worker, { title: 'Both', instructions: 'true', dependsOn: [one.id, two.id] }, 'failed');
    assert.equal(both.error_code, 'WorktreeConflict');
    assert.match(both.error ?? '', /a\.txt/);
    assert.equal(repository.git('show', `${one.workspace?.branch}:a.txt`), '1');
    assert.equal(repository.git('show', `${two.workspace?.branch}:a.txt`), '2');
  });

  it('is merged automatically by that setting, and a conflicting result waits', async (context) => {
    const { repository, worker } = await bench(context);
    writeFileSync(join(repository.folder, 'b.txt'), 'mine\n');
    await done(worker, { title: 'Fits', instructions: 'echo x > a.txt', onComplete: 'merge' });
    assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'x\n');
    const waits = await done(worker, { title: 'Does not', instructions: 'echo x > b.txt', onComplete: 'merge' });
    assert.equal(readFileSync(join(repository.folder, 'b.txt'), 'utf8'), 'mine\n');
    assert.match(waits.logs.at(-1)?.message ?? '', /^Not merged: .*b\.txt/);
    assert.equal(repository.git('show', `${waits.workspace?.branch}:b.txt`), 'x');
  });

  it('links folders that a build needs, which are not part of the result', async (context) => {
    const { repository, worker } = await bench(context, { settings: { worktrees: { link: ['node_modules'] } } });
    repository.commit({ '.gitignore': 'node_modules/\n' });
    repository.write('node_modules/x/index.js', 'x');
    const task = await done(worker, { title: 'Build', instructions: 'cat node_modules/x/index.js > out.txt' });
    assert.equal(
      repository.git('ls-tree', '--name-only', task.workspace?.branch ?? ''),
      '.gitignore\n.systemprompt\na.txt\nb.txt\nout.txt',
    );
    assert.ok(existsSync(join(repository.folder, 'node_modules/x/index.js')));
  });
});

describe('a worktree is possible', () => {
  it('in a subfolder of a repository, with spaces and letters of any language', async (context) => {
    const top = join(tempFolder(context), 'my täsks 目');
    const repository = testRepository(top);
    repository.commit({ 'sub dir/é.txt': 'one\n', 'other.txt': 'x\n' });
    const worker = await workerBench(context, { folder: join(repository.folder, 'sub dir') });
    const task = await done(worker, { title: 'Sub', instructions: 'cat é.txt > "ü 目.txt"; pwd' });
    assert.match(
      repository.git('-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', task.workspace?.branch ?? ''),
      /sub dir\/ü 目\.txt/,
    );
    assert.ok(task.logs.some((entry) => entry.message.includes(join(task.workspace?.path ?? '', 'sub dir'))));
  });

  it('from a detached HEAD', async (context) => {
    const { repository, worker } = await bench(context);
    repository.git('checkout', '--quiet', '--detach');
    const task = await done(worker, { title: 'Detached', instructions: 'echo 1 > c.txt' });
    assert.equal(task.workspace?.base, undefined);
    assert.equal(repository.git('show', `${task.workspace?.branch}:c.txt`), '1');
  });
});

describe('a damaged worktree', () => {
  it('is recreated from its branch if its folder was deleted', async (context) => {
    const { repository, worker } = await bench(context);
    const first = await done(worker, { title: 'Stays', instructions: 'echo 1 >> c.txt' });
    rmSync(join(repository.folder, first.workspace?.path ?? ''), { recursive: true });
    await worker.restart(first.id);
    await worker.reaches(first.id, 'completed');
    await until('the run is over', () => worker.store.resolve(first.id).lease === undefined);
    assert.equal(repository.git('show', `${first.workspace?.branch}:c.txt`), '1\n1');
  });

  it('is moved aside, not removed, if it lost its link to the repository', async (context) => {
    const { repository, worker } = await bench(context);
    const first = await done(worker, { title: 'Cut off', instructions: 'echo 1 >> c.txt' });
    const folder = join(repository.folder, first.workspace?.path ?? '');
    rmSync(join(folder, '.git'));
    writeFileSync(join(folder, 'precious'), 'x');
    await worker.restart(first.id);
    await worker.reaches(first.id, 'completed');
    const aside = join(folder, '..');
    const moved = readdirSync(aside).find((name) => name.includes('.aside-')) ?? '';
    assert.equal(readFileSync(join(aside, moved, 'precious'), 'utf8'), 'x');
  });

  it('is never confused with the checkout of the user if the agent unlinks it', async (context) => {
    const { repository, worker } = await bench(context);
    writeFileSync(join(repository.folder, 'a.txt'), 'mine\n');
    const head = repository.git('rev-parse', 'HEAD');
    const failed = await done(worker, { title: 'Cut', instructions: 'rm .git; echo 1 > c.txt' }, 'failed');
    assert.equal(failed.error_code, 'WorktreeMissing');
    assert.equal(repository.git('rev-parse', 'HEAD'), head);
    assert.equal(repository.git('diff', '--cached', '--name-only'), '');
  });

  it('gets another name if a branch or folder of that name exists', async (context) => {
    const { repository, worker } = await bench(context);
    repository.git('branch', 'systemprompt/1-same');
    const task = await done(worker, { title: 'Same', instructions: 'echo 1 > c.txt' });
    assert.equal(task.workspace?.branch, 'systemprompt/1-same-2');
  });

  it('collects commits of the agent on another branch that descends from the task', async (context) => {
    const { repository, worker } = await bench(context);
    const script = 'git checkout -q -b mine; echo 1 > c.txt; git add .; git commit -qm agent; echo 2 > d.txt';
    const task = await done(worker, { title: 'Away', instructions: script });
    assert.equal(repository.git('log', '--format=%s', `main..${task.workspace?.branch}`), '#1 Away\nagent');
  });
});
